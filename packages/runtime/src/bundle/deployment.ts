import type { JsonObject } from "../base/index.ts";
import type { ExportNeeds } from "./export-needs.ts";
import type { ServerFile } from "./export-source.ts";

/** What runs: the project as it stands, or one of the packages. */
export type DeployedLanguage = "workflow" | "typescript" | "python";

/** What has to run of a workflow, and with what: all that a target prints. Nothing in it is a secret's value. */
export interface Deployment {
  /** A DNS label. */
  readonly name: string;
  readonly description: string;
  readonly language: DeployedLanguage;
  /** The image, with its tag. */
  readonly image: string;
  /** What is called, in the folder of the project or package. */
  readonly commands: DeployedCommands;
  readonly schedules: readonly DeployedSchedule[];
  /** Sources of webhooks; one is received at `/webhooks/<source>`. */
  readonly webhooks: readonly string[];
  /** What others reach over HTTP: those, and what `serve` has besides where the settings ask for it. */
  readonly paths: readonly string[];
  readonly queues: readonly DeployedQueue[];
  /** What it listens to and the settings do not describe, so that `serve` would not start: `webhooks.github`. */
  readonly undescribed: readonly string[];
  /** Why single runs by somebody else's clock would not do; empty where they would. */
  readonly needsWorker: readonly string[];
  /** Where `serve` listens, and tells of its health (`/healthz`, `/readyz`). */
  readonly port: number;
  /** An address of their own for metrics; null: nobody asked for them there. */
  readonly metricsPort: number | null;
  /** What the worker refers to in a container, where the settings are its own. */
  readonly needs: ExportNeeds;
  /** What a single run needs: nothing of webhooks, queues and addresses. */
  readonly runNeeds: ExportNeeds;
  /** All that the project's files refer to: `serve` over these as they stand needs the secrets of every webhook in them. */
  readonly projectNeeds: ExportNeeds;
  readonly store: DeployedStore;
  /** The file that has the settings, by its name: `offstage.yaml`, and `settings.json` of a package of Python. */
  readonly settingsFile: string;
  /** What is in it for a container: what the project says, and what of it has to be different there. */
  readonly settings: JsonObject;
  /** What is different, and why, for people. */
  readonly changes: readonly string[];
  /** How the servers are started; nothing of those that are elsewhere. */
  readonly programs: readonly ServerProgram[];
  /** Files that they need and that have to be put there. */
  readonly serverFiles: readonly ServerFile[];
  /** Ports of other machines that are spoken to. */
  readonly reaches: readonly number[];
  /** How long a process that is told to stop may take, seconds: 25 for the runs that go on, and then its servers. */
  readonly graceSeconds: number;
  readonly memory: { readonly usual: number; readonly most: number };
}

/** Argument vectors. */
export interface DeployedCommands {
  readonly serve: readonly string[];
  readonly run: readonly string[];
  readonly sweep: readonly string[];
  readonly plan: readonly string[];
  /** The plan's file or id comes last. */
  readonly apply: readonly string[];
}

/** A time that starts runs. */
export interface DeployedSchedule {
  /** As the workflow has it: `every 10m`, `cron 0 2 * * *`. */
  readonly shown: string;
  /** Five fields of numbers; null: no cron line comes at these times. */
  readonly cron: string | null;
  /** Of `every`; null: it is a cron line. */
  readonly intervalMs: number | null;
  /** IANA's name. */
  readonly timeZone: string;
  readonly sweep: boolean;
  readonly overlap: "queue" | "skip" | "replace";
  readonly missed: "skip" | "once" | "all";
}

/** A queue whose messages start runs. */
export interface DeployedQueue {
  readonly name: string;
  /** As `offstage.yaml` describes it; null: it does not. */
  readonly settings: JsonObject | null;
}

/** Where runs are kept. */
export type DeployedStore =
  /** SQLite below `.offstage` of the project: one process. */
  | { readonly kind: "file" }
  /** PostgreSQL, at the URL in a variable that is a secret; null: the settings say where, without a variable of their own. */
  | { readonly kind: "postgres"; readonly variable: string | null };

/** How a server is started here. */
export interface ServerProgram {
  readonly server: string;
  readonly command: string;
  /** What `npx` or `uvx` would download: a package and its version; null: another program. */
  readonly fetches: { readonly by: "npm" | "pypi"; readonly spec: string } | null;
}
