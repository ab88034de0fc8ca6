import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseAllDocuments } from "yaml";
import { parseSettings } from "../../apps/offstage/src/config/settings.ts";
import type { DeployOptions } from "../../apps/offstage/src/export/deploy-targets.ts";
import type { Case } from "./case.ts";
import { SCHEMAS } from "./kubernetes-schemas.ts";
import { needed, program, run, TOOLS } from "./tools.ts";

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** Every way of running there is, for what it is made of. */
const VARIANTS: readonly (readonly [workflow: string, options: DeployOptions])[] = [
  ["leak-tickets", {}],
  ["leak-tickets", { language: "typescript", image: "registry.example/leak-tickets:1.0.0", host: "hooks.example.com" }],
  ["leak-tickets", { language: "python", store: "postgres", secretStore: "vault" }],
  ["orders", { keda: true }],
  ["orders", { keda: true, store: "postgres", secretStore: "vault", serviceMonitor: true }],
  ["ask", { store: "postgres" }],
  ["nightly", { jobs: true }],
  ["nightly", { jobs: true, store: "postgres", language: "typescript" }],
  ["nightly", {}],
];

function built(folder: string): string {
  return needed(program("kustomize"), ["build", join(folder, "kubernetes")]);
}

function manifestsOf(text: string): readonly Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

/** By schemas that know every field. */
export function kubeconform(text: string): { readonly good: boolean; readonly said: string } {
  const { status, out, err } = run(program("kubeconform"), ["-strict", "-summary", "-output", "text", "-schema-location", join(SCHEMAS, "{{.ResourceKind}}{{.KindSuffix}}.json"), "-"], { input: text });
  return { good: status === 0 && !/Skipped: [1-9]/.test(out) && !out.includes("could not find schema"), said: `${out}${err}`.trim() };
}

/** By the API server's own types, and its own look at pods. */
function podSecurity(manifests: readonly unknown[]): { readonly faults: string; readonly said: string } {
  const { out, err } = run(program("pod-security"), [], { input: `${manifests.map((one) => JSON.stringify(one)).join("\n")}\n` });
  return { faults: out.trim(), said: err.trim() };
}

interface Model {
  validate(): void;
}

/** By the models of another project, made of the same API. */
async function models(manifests: readonly Manifest[]): Promise<number> {
  let validated = 0;
  for (const manifest of manifests) {
    const { apiVersion, kind } = manifest;
    if (/external-secrets|keda|coreos/.test(apiVersion)) continue;
    const { [kind]: Class } = (await import(pathToFileURL(join(TOOLS, "npm/node_modules/kubernetes-models", apiVersion, "index.js")).href)) as { readonly [kind: string]: new (data: unknown) => Model };
    assert(Class !== undefined, `there is no model of ${kind}`);
    new Class(manifest).validate();
    validated++;
  }
  return validated;
}

const valid = VARIANTS.map(([workflow, options]): Case => ({
  name: `kubernetes: ${workflow} ${JSON.stringify(options)}`,
  async run(projects) {
    const folder = await projects.write(workflow, "kubernetes", options);
    const text = built(folder);
    // JSON is YAML: one reader knows both. What Python's makes of its own is a case of its own, with a process.
    const settings = parseSettings(readFileSync(join(folder, "kubernetes", options.language === "python" ? "settings.json" : "offstage.yaml"), "utf8"), folder);
    assert(settings.ok, settings.ok ? "" : JSON.stringify(settings.diagnostics));
    const manifests = manifestsOf(text);
    const { good, said } = kubeconform(text);
    assert(good, said);
    const { faults, said: judged } = podSecurity(manifests);
    assert.equal(faults, "");
    return `${said.split("\n").at(-1)}; ${judged}; ${await models(manifests)} kept by kubernetes-models`;
  },
}));

type Judge = "kubeconform" | "kubernetes-models" | "pod-security" | "kustomize";

/** Edits that a tool has to refuse, in words that are about them: a check that cannot fail is none. */
const WRONG: readonly { readonly what: string; readonly file: string; readonly from: string; readonly to: string; readonly by: Judge; readonly says: string }[] = [
  { what: "an unknown field", file: "deployment.yaml", from: "revisionHistoryLimit:", to: "revisionHistoryLimits:", by: "kubeconform", says: "'revisionHistoryLimits' not allowed" },
  { what: "an unknown field, deep inside", file: "deployment.yaml", from: "automountServiceAccountToken:", to: "automountToken:", by: "pod-security", says: 'unknown field "spec.template.spec.automountToken"' },
  { what: "a number where a text is wanted", file: "deployment.yaml", from: "image: leak-tickets:latest", to: "image: 5", by: "kubeconform", says: "got number, want string" },
  { what: "a text where a number is wanted", file: "deployment.yaml", from: "replicas: 1", to: "replicas: one", by: "kubernetes-models", says: "replicas" },
  { what: "capabilities", file: "deployment.yaml", from: "- ALL", to: "- NET_RAW", by: "pod-security", says: "unrestricted capabilities" },
  { what: "a user who may be root", file: "deployment.yaml", from: "runAsNonRoot: true", to: "runAsNonRoot: false", by: "pod-security", says: "runAsNonRoot != true" },
  { what: "no seccomp", file: "deployment.yaml", from: "type: RuntimeDefault", to: "type: Unconfined", by: "pod-security", says: "seccompProfile" },
  { what: "a manifest that is not there", file: "kustomization.yaml", from: "- deployment.yaml", to: "- deployments.yaml", by: "kustomize", says: "deployments.yaml" },
];

const wrong = WRONG.map(({ what, file, from, to, by, says }): Case => ({
  name: `kubernetes, wrong: ${what} is refused by ${by}`,
  async run(projects) {
    const folder = await projects.write("leak-tickets", "kubernetes");
    const path = join(folder, "kubernetes", file);
    const before = readFileSync(path, "utf8");
    assert(before.includes(from), `${file} has no ${from}`);
    writeFileSync(path, before.replace(from, to));
    const refusal = await refusalBy[by](folder);
    assert(refusal.includes(says), `${by} says: ${refusal}`);
    return says;
  },
}));

/** What each of them says of a folder; nothing when it takes it. */
const refusalBy: Readonly<Record<Judge, (folder: string) => Promise<string> | string>> = {
  kustomize: (folder) => run(program("kustomize"), ["build", join(folder, "kubernetes")]).err,
  kubeconform(folder) {
    const { good, said } = kubeconform(built(folder));
    return good ? "" : said;
  },
  "pod-security": (folder) => podSecurity(manifestsOf(built(folder))).faults,
  "kubernetes-models": (folder) => models(manifestsOf(built(folder))).then(() => "", (error: Error) => error.message),
};

/** What kustomize, strict schemas, the API's own types and the Pod Security Standards say of every way of running. */
export const KUBERNETES: readonly Case[] = [...valid, ...wrong];
