import { type JsonObject, OffstageError } from "offstage/base";
import { type BundleFile, type DeployedLanguage, type Deployment, deriveDeployment, type DeploymentChoices, type ExportSource, missingOnFunction, STORE_VARIABLE } from "offstage/bundle";
import { ownModules } from "offstage/program";
import type { ExportTarget } from "offstage/studio";
import { refuseUnserved } from "./for-python.ts";

/** What the command line says of a deployment. */
export interface DeployOptions {
  readonly image?: string;
  readonly language?: string;
  readonly store?: string;
  readonly host?: string;
  readonly jobs?: true;
  readonly keda?: true;
  readonly serviceMonitor?: true;
  readonly secretStore?: string;
}

type Printer = (deployment: Deployment, options: DeployOptions) => Promise<readonly BundleFile[]>;

/** Where a workflow may be deployed, by the target's name. Each is loaded when it is asked for. */
const PRINTERS: Readonly<Record<string, Printer>> = {
  kubernetes: async (deployment, options) => (await import("offstage/exporters/kubernetes")).exportKubernetes(deployment, options),
  compose: async (deployment) => (await import("offstage/exporters/compose")).exportCompose(deployment),
  systemd: async (deployment, options) => (await import("offstage/exporters/systemd")).exportSystemd(deployment, options),
  actions: async (deployment) => (await import("offstage/exporters/actions")).exportActions(deployment),
  lambda: async (deployment) => (await import("offstage/exporters/serverless")).exportLambda(deployment),
  "cloud-run": async (deployment) => (await import("offstage/exporters/serverless")).exportCloudRun(deployment),
} satisfies Record<Exclude<ExportTarget, "typescript" | "python">, Printer>;

/** What an option is for, where that is not every target: whoever gives one expects it to do something. */
const FOR: Readonly<Record<keyof DeployOptions, ReadonlySet<string>>> = {
  image: new Set(["kubernetes", "compose", "cloud-run"]),
  language: new Set(Object.keys(PRINTERS)),
  store: new Set(["python", ...Object.keys(PRINTERS)]),
  host: new Set(["kubernetes"]),
  jobs: new Set(["kubernetes", "systemd"]),
  keda: new Set(["kubernetes"]),
  serviceMonitor: new Set(["kubernetes"]),
  secretStore: new Set(["kubernetes"]),
};

/** Those that run the project where it lies, with its own settings. */
const ON_ITS_OWN: ReadonlySet<string> = new Set(["systemd", "actions"]);

/** Those that start `plan` and `apply`, and never `serve`. */
const WITHOUT_SERVE: ReadonlySet<string> = new Set(["actions"]);

/** The names of {@link PRINTERS}. */
export const DEPLOY_TARGETS: readonly string[] = Object.keys(PRINTERS);

/** Errors: `USAGE` for an option that a target has no use for. */
export function refuseUnused(target: string, options: DeployOptions): void {
  for (const [option, targets] of Object.entries(FOR)) {
    if (options[option as keyof DeployOptions] === undefined || targets.has(target)) continue;
    const written = `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const hint = option === "store" && target === "typescript" ? `It takes offstage.yaml as the project has it. Write there: store: { postgres: "\${env:${STORE_VARIABLE}}" }` : `It is for ${[...targets].join(", ")}.`;
    throw new OffstageError("USAGE", `--to ${target} has no use for ${written}.`, { hint });
  }
}

/** What is to be done before it starts there, for people. */
export function deployWarnings(target: string, source: ExportSource, options: DeployOptions): readonly string[] {
  if (WITHOUT_SERVE.has(target) || !Object.hasOwn(PRINTERS, target)) return [];
  const deployment = deriveDeployment(source, choicesOf(options));
  const missing = target === "lambda" ? missingOnFunction(deployment) : null;
  return [...deployment.undescribed.map((one) => `It does not start there before ${deployment.settingsFile} says what ${one} is.`), ...(missing === null ? [] : [missing])];
}

/** The files of a deployment; what runs, the project or package, is put into `app/` by whoever has it. Errors: `USAGE`, `EXPORT_REFUSED`. */
export async function deployFiles(target: string, source: ExportSource, options: DeployOptions): Promise<readonly BundleFile[]> {
  const choices = choicesOf(options);
  if (choices.postgres !== undefined && ON_ITS_OWN.has(target) && (source.settings["store"] as JsonObject | undefined)?.["postgres"] === undefined) {
    throw new OffstageError("USAGE", `${target} takes offstage.yaml as the project has it, and that names no PostgreSQL.`, { hint: `Write there: store: { postgres: "\${env:${STORE_VARIABLE}}" }` });
  }
  const own = choices.language === "workflow" ? ownModules(source.program) : [];
  if (own.length > 0) throw new OffstageError("EXPORT_REFUSED", `${target} runs the project as it stands, which executes no code of its owner's: ${own.map((module) => `own/${module}.ts`).join(", ")}.`, { hint: "Export it with --language typescript." });
  if (!WITHOUT_SERVE.has(target) && source.program.triggers.length === 0) throw new OffstageError("EXPORT_REFUSED", `${source.program.name} has no trigger: nothing would start it there.`, { hint: "Give it one, as on: [every(\"1h\")]; or export it to typescript or python, and start `run` of the package yourself." });
  if (choices.language === "python" && !WITHOUT_SERVE.has(target)) refuseUnserved(source);
  return PRINTERS[target]?.(deriveDeployment(source, choices), options) ?? [];
}

function choicesOf({ image, language = "workflow", store = "as-is" }: DeployOptions): DeploymentChoices {
  if (!isLanguage(language)) throw new OffstageError("USAGE", `--language takes workflow, typescript or python, not ${language}.`);
  if (store !== "as-is" && store !== "postgres") throw new OffstageError("USAGE", `--store takes postgres, not ${store}.`, { hint: "Without it the store is where offstage.yaml says: in a file, where it says nothing." });
  // A tag that nobody moves is what a person can go back to.
  if (image !== undefined && !/^[\w][\w./:@-]*$/.test(image)) throw new OffstageError("USAGE", `${image} is no name of an image.`, { hint: "Write one with its tag: registry.example/leak-tickets:1.0.0" });
  return { language, ...(image === undefined ? {} : { image }), ...(store === "postgres" ? { postgres: STORE_VARIABLE } : {}) };
}

function isLanguage(text: string): text is DeployedLanguage {
  return text === "workflow" || text === "typescript" || text === "python";
}
