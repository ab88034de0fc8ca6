import type { Clock, Redactor } from "offstage/base";
import type { Environment, ServedWorkflow, ServeNews } from "offstage/host";
import type { Policy } from "offstage/model";
import type { Program } from "offstage/program";
import type { Store } from "offstage/state";
import type { ApiToken } from "../config/api-settings.ts";
import type { LastReload } from "../reload/reload-news.ts";
import type { LiveEvents } from "./live-events.ts";

/** What the API works with. */
export interface ApiStage {
  readonly store: Store;
  readonly environment: Pick<Environment, "random" | "bell"> & { readonly clock: Clock; readonly redactor: Redactor };
  /** Those that can be started, sorted by name. */
  readonly programs: () => readonly Program[];
  readonly reload: () => LastReload;
  /** Those that are listened to. */
  readonly workflows: () => readonly ServedWorkflow[];
  /** Names of the project's servers. */
  readonly servers: readonly string[];
  /** How long a grant holds, and who may answer. */
  readonly approving: () => Pick<Policy, "grantMaxAgeMs" | "approvers">;
  /** Empty: whoever is on this machine may look. */
  readonly tokens: () => readonly ApiToken[];
  readonly live: LiveEvents;
  readonly news: (news: ServeNews) => void;
}
