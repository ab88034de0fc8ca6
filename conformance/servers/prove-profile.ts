import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Data } from "offstage/base";
import { type CallOutcome, createCalls } from "offstage/calls";
import { compileProfile } from "offstage/engine";
import { createRulebook } from "offstage/host";
import { createCompiler } from "offstage/language";
import type { ProfileProgram } from "offstage/program";
import type { RawTool } from "offstage/tools";
import { provePaging, type ProvenPages } from "./prove-paging.ts";
import { createMemoryBlobs } from "../../packages/runtime/src/testing/memory-blobs.ts";
import { realClock } from "../../packages/runtime/src/testing/real-clock.ts";
import { createWatchedPool } from "../../packages/runtime/src/testing/workshop.ts";

/** What a call has to be under the profile: `refused` is an error that proves that nothing happened, `open` one that may have; `read` may fail, `answered` not. */
export type Meant = "read" | "answered" | "written" | "refused" | "open" | "gone";

/** One call, and what it has to be. */
export interface ProvenCall {
  readonly tool: string;
  readonly args: object;
  readonly is: Meant;
  /** The server answers it without its service. */
  readonly unheard?: true;
  /** All its pages besides. */
  readonly pages?: ProvenPages;
}

export interface ProofSetting {
  readonly server: string;
  /** In packages/runtime/profiles. */
  readonly profile: string;
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly calls: readonly ProvenCall[];
  /** What the calls changed so far, as text: a read has to leave it as it was. */
  readonly changed: () => string;
  /** How often the service was asked so far: a call that it did not hear of proves nothing, unless that is what the call says. */
  readonly asked?: () => number;
  /** What the service says and no answer may show. */
  readonly secret?: string;
  /** Tools of the profile that no call is made of, each for a reason. */
  readonly untried: readonly string[];
}

const FOLDER = fileURLToPath(new URL("../../packages/runtime/profiles/", import.meta.url));

/** Compiles a shipped profile as a project does, and holds it against what the real server answers. Gives back what is wrong. */
export async function proveProfile({ server, profile, command: [command, ...args], env, calls, changed, asked, secret, untried }: ProofSetting): Promise<readonly string[]> {
  const { profile: program, diagnostics } = createCompiler().compileProfile({ server, file: profile, source: readFileSync(join(FOLDER, profile), "utf8") });
  if (program === null) return diagnostics.map(({ line, message }) => `${profile}:${line}: ${message}`);
  const { rules: asShipped, tools: classes } = createRulebook({ profiles: new Map([[server, compileProfile(program)]]), policyEffect: () => null, trustedRead: () => false });
  // Nobody counts these calls.
  const rules: typeof asShipped = { rule: (...call) => ({ ...asShipped.rule(...call), rate: {} }) };
  const { pool, redactor } = createWatchedPool([{ name: server, kind: "stdio", command, args, env }]);
  const faults: string[] = [];
  try {
    const { tools } = await pool.catalogue(server);
    faults.push(...misspoken(program, tools));
    const tried = new Set([...calls.map(({ tool }) => tool), ...untried]);
    faults.push(...Object.keys(program.rules).filter((name) => name !== "*" && !tried.has(name)).map((name) => `no call proves what it says of ${name}`));
    const made = createCalls({ sessions: (one) => pool.session(one), rules, redactor, clock: realClock, timeoutMs: () => 60_000, blobs: createMemoryBlobs() });
    for (const call of calls) {
      const before = changed();
      const askedBefore = asked?.();
      const outcome = await made.call(server, call.tool, call.args as Data);
      const was = meaning(outcome, rules.rule(server, call.tool, call.args as Data).effect);
      const text = outcome.kind === "value" ? JSON.stringify(outcome.value) : outcome.error.message;
      if (was !== call.is && !(call.is === "read" && was === "answered")) faults.push(`${call.tool} ${JSON.stringify(call.args)} is ${was}, not ${call.is}: ${text.slice(0, 300)}`);
      if ((call.is === "read" || call.is === "answered") && changed() !== before) faults.push(`${call.tool} ${JSON.stringify(call.args)} is a read and changed something: ${changed()}`);
      if (asked !== undefined && (askedBefore === asked()) !== (call.unheard === true)) faults.push(`${call.tool} ${JSON.stringify(call.args)} ${call.unheard === true ? "asked the service" : "asked the service nothing"}: ${text.slice(0, 300)}`);
      const paged = call.pages === undefined ? null : await provePaging(made, classes.paging(server, call.tool, call.args as never), { server, tool: call.tool, args: call.args as Data, of: call.pages });
      if (paged !== null) faults.push(paged);
      if (secret !== undefined && text.includes(secret)) faults.push(`${call.tool} ${JSON.stringify(call.args)} shows what is secret: ${text.slice(0, 300)}`);
    }
  } finally {
    await pool.close();
  }
  return faults;
}

/** What the profile says of tools and arguments that the server has not, and the tools of which it says nothing. */
function misspoken({ rules }: ProfileProgram, tools: readonly RawTool[]): readonly string[] {
  const taken = new Map(tools.map(({ name, inputSchema }) => [String(name), Object.keys((inputSchema as { readonly properties?: object }).properties ?? {})]));
  const spoken = Object.entries(rules).filter(([name]) => name !== "*");
  return [
    ...spoken.filter(([name]) => !taken.has(name)).map(([name]) => `speaks of ${name}, which the server has not`),
    ...[...taken.keys()].filter((name) => !Object.hasOwn(rules, name)).map((name) => `says nothing of ${name}`),
    ...spoken.flatMap(([name, list]) => list.flatMap(({ affects = [], pages }) => [
      ...affects.filter((other) => !taken.has(other)).map((other) => `says that ${name} affects ${other}, which the server has not`),
      ...(typeof pages === "object" ? [pages.param, pages.size?.param] : []).filter((param) => param !== undefined && taken.get(name)?.includes(param) === false).map((param) => `pages ${name} by ${param ?? ""}, which it does not take`),
    ])),
  ];
}

function meaning(outcome: CallOutcome, effect: string): Meant {
  if (outcome.kind !== "error") return outcome.kind === "value" && outcome.gone ? "gone" : outcome.kind === "unreadable" ? "open" : effect === "write" ? "written" : "answered";
  if (outcome.gone) return "gone";
  return effect !== "write" ? "read" : outcome.refused ? "refused" : "open";
}

/** All files below a folder with their contents, as one text. */
export function contentsOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== "index").map((entry) => join(entry.parentPath, entry.name)).toSorted()
    .map((path) => `${path}:${readFileSync(path, "base64")}`).join("\n");
}
