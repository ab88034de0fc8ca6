import type { JsonObject } from "../base/index.ts";
import type { ProfileProgram, Program } from "../program/index.ts";
import type { Learnt, Lock, ProfileTypeInfo } from "../tools/index.ts";
import type { ExportNeeds } from "./export-needs.ts";

/** What an export is made from: a workflow, and what of its project belongs to it. Secrets are in it as references only. */
export interface ExportSource {
  readonly program: Program;
  /** The texts of the workflow and of those that it calls or starts, by path in the project. */
  readonly sources: ReadonlyMap<string, string>;
  /** The entries of `mcp.json` for the servers that it may reach, as they stand there: references are not resolved. */
  readonly servers: { readonly [name: string]: JsonObject };
  /** VS Code's `inputs` of the same file. */
  readonly inputs: readonly JsonObject[];
  /** `offstage.yaml` as data, and as it stands; empty where there is none. */
  readonly settings: JsonObject;
  readonly settingsText: string;
  /** Of these servers only. */
  readonly lock: Lock;
  readonly learnt: Learnt;
  readonly profiles: readonly ExportedProfile[];
  /** The text of `#servers`: every tool of these servers, typed. */
  readonly serverTypes: string;
  readonly needs: ExportNeeds;
  /** What servers are started from, or with, and is a file of the project or of this machine, as `mcp.json` names it: no export has it. */
  readonly serverFiles: readonly ServerFile[];
  /** What the owner's own code imports, as npm names it, and the versions that the project takes. */
  readonly packages: { readonly [name: string]: string };
}

/** A file that a server needs. */
export interface ServerFile {
  readonly server: string;
  readonly path: string;
}

/** The profile of a server, its layers in one. */
export interface ExportedProfile {
  readonly server: string;
  readonly program: ProfileProgram;
  /** What it says of the types of the server's tools. */
  readonly types: ProfileTypeInfo;
  /** The project's own `profiles/<server>.ts`; absent where only one that ships with Offstage speaks of it. */
  readonly source?: string;
}
