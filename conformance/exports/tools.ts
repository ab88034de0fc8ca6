import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { env } from "node:process";
import { fileURLToPath } from "node:url";

/** Kept between runs; git does not see it. */
export const TOOLS = fileURLToPath(new URL("../../.tools/exports", import.meta.url));

/** Programs that Go builds: where the module lies, with its own go.sum, so that no list of versions is asked for. */
const GO_PROGRAMS = {
  kubeconform: { module: "github.com/yannh/kubeconform@v0.8.0", package: "./cmd/kubeconform" },
  kustomize: { module: "sigs.k8s.io/kustomize/kustomize/v5@v5.8.2", package: "." },
  actionlint: { module: "github.com/rhysd/actionlint@v1.7.12", package: "./cmd/actionlint" },
} as const;

/** Small programs of our own over libraries that have no command, in folders beside this file. */
const OWN_PROGRAMS = { "pod-security": "k8s.io/pod-security-admission@v0.37.2", compose: "github.com/compose-spec/compose-go/v2@v2.16.2" } as const;

/** Modules of which only files are read: what Kubernetes and the operators say of their kinds. */
const GO_SOURCES = {
  kubernetes: "k8s.io/kubernetes@v1.37.2",
  externalSecrets: "github.com/external-secrets/external-secrets@v1.3.2",
  keda: "github.com/kedacore/keda/v2@v2.21.0",
  knative: "knative.dev/serving@v0.51.0",
  prometheusOperator: "github.com/prometheus-operator/prometheus-operator@v0.85.0",
} as const;

/** Packages of npm, in a folder of their own. */
const NPM = { "kubernetes-models": "5.1.0", "@google-cloud/functions-framework": "5.0.5", "aws-lambda-ric": "4.0.2" } as const;
const PYTHON = ["cfn-lint==1.58.0"] as const;

/** What a program said. */
export interface Said {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. Throws when it cannot be started. */
export function run(program: string, args: readonly string[], options: { readonly input?: string; readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}): Said {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28, timeout: 400_000, ...options });
  if (error !== undefined) throw new Error(`${program} could not be run: ${error.message}`);
  return { status, out: stdout, err: stderr };
}

/** Runs one that has to end well. */
export function needed(program: string, args: readonly string[], options: Parameters<typeof run>[2] = {}): string {
  const { status, out, err } = run(program, args, options);
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}:\n${out}${err}`.slice(0, 4_000));
  return out;
}

/** The path of a program that was built. */
export function program(name: keyof typeof GO_PROGRAMS | keyof typeof OWN_PROGRAMS): string {
  return join(TOOLS, "bin", name);
}

/** Go is on the PATH, or where its own installer puts it. */
function go(args: readonly string[], cwd: string): string {
  return needed("go", args, { cwd, env: { ...env, PATH: `${env["PATH"] ?? ""}${delimiter}/usr/local/go/bin`, GOFLAGS: "-buildvcs=false" } });
}

/** Where a module of Go lies, downloaded when it is not there. */
export function goModule(name: keyof typeof GO_SOURCES): string {
  return folderOf(GO_SOURCES[name]);
}

function folderOf(module: string): string {
  return (JSON.parse(go(["mod", "download", "-json", module], TOOLS)) as { readonly Dir: string }).Dir;
}

/** Installs whatever is not there in exactly these versions; says what it does. */
export function installTools(say: (line: string) => void): void {
  mkdirSync(join(TOOLS, "bin"), { recursive: true });
  for (const [name, { module, package: of }] of Object.entries(GO_PROGRAMS)) once(name, [module, of], say, () => void go(["build", "-o", join(TOOLS, "bin", name), "-ldflags", "-s -w", of], folderOf(module)));
  for (const name of Object.keys(OWN_PROGRAMS)) {
    const own = fileURLToPath(new URL(name, import.meta.url));
    once(name, ["main.go", "go.mod", "go.sum"].map((file) => readFileSync(join(own, file), "utf8")), say, () => void go(["build", "-o", join(TOOLS, "bin", name), "-ldflags", "-s -w", "."], own));
  }
  once("npm", [JSON.stringify(NPM)], say, () => {
    const folder = join(TOOLS, "npm");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: NPM }));
    needed("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder });
  });
  once("python", PYTHON, say, () => {
    const folder = join(TOOLS, "python");
    needed("python3", ["-m", "venv", "--clear", folder]);
    needed(join(folder, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", "--prefer-binary", ...PYTHON]);
  });
}

/** What was validated with, for whoever reads the output. */
export function versions(): readonly string[] {
  return [...Object.values(GO_PROGRAMS).map(({ module }) => module), ...Object.values(OWN_PROGRAMS), ...Object.values(GO_SOURCES), ...Object.entries(NPM).map(([name, version]) => `${name}@${version}`), ...PYTHON, needed("systemd-analyze", ["--version"]).split("\n")[0] ?? ""];
}

/** A stamp is written last: half an install is none. */
export function once(name: string, of: readonly string[], say: (line: string) => void, install: () => void): void {
  const stamp = join(TOOLS, `.${name}`);
  const wanted = createHash("sha256").update(JSON.stringify(of)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const began = performance.now();
  say(`installing ${name} …`);
  rmSync(stamp, { force: true });
  install();
  writeFileSync(stamp, wanted);
  say(`installed ${name} (${Math.round((performance.now() - began) / 1000)} s)`);
}
