import type { Data } from "../base/index.ts";
import { learn } from "./learn.ts";
import type { LearntSchema } from "./learnt-schema.ts";

/** Which calls a learnt schema is about. */
export interface LearntKey {
  readonly server: string;
  readonly tool: string;
  /** The case of the tool (`caseOf`): `*` when its profile makes no difference between calls. */
  readonly case: string;
}

/** `offstage.learnt.json`: shapes of results seen, reviewed in git, outside every hash. */
export interface Learnt {
  readonly version: 1;
  /** server → tool → case → schema. */
  readonly servers: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, LearntSchema>>>;
}

/** What is known before anything was called. */
export const NOTHING_LEARNT: Learnt = { version: 1, servers: new Map() };

/** What is known of one kind of call; undefined before its first result. */
export function learntSchema(learnt: Learnt, key: LearntKey): LearntSchema | undefined {
  return learnt.servers.get(key.server)?.get(key.tool)?.get(key.case);
}

/** What is known after one more result: `value` is what the call gave the workflow. */
export function withResult(learnt: Learnt, key: LearntKey, value: Data): Learnt {
  return withLearntSchema(learnt, key, learn(learntSchema(learnt, key) ?? null, value));
}

/** What is known with one schema put in or replaced. */
export function withLearntSchema(learnt: Learnt, key: LearntKey, schema: LearntSchema): Learnt {
  const tools = new Map(learnt.servers.get(key.server));
  tools.set(key.tool, new Map(tools.get(key.tool)).set(key.case, schema));
  return { ...learnt, servers: new Map(learnt.servers).set(key.server, tools) };
}
