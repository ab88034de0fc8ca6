import { OffstageError } from "../base/index.ts";
import { OFFSTAGE_BUILTINS } from "../program/index.ts";
import type { NativeRecord } from "../engine/index.ts";
import type { Crossing, ModuleFunction } from "./crossing.ts";
import type { Places } from "./places.ts";
import { caughtValue } from "./thrown.ts";

/** What the names of `"offstage"` and `"#servers"` stand for in one run. */
export interface Vocabulary {
  name(name: string): unknown;
  server(name: string): unknown;
  /** A function of the owner's own code: the step at its site calls it. */
  own(name: string): unknown;
  /** The callbacks of a record that the module declared. */
  record(name: string): NativeRecord;
}

type Options = { readonly [name: string]: unknown };
type Names = { readonly [name: string]: unknown };

/** Makes a {@link Vocabulary}: each name hands its parts to the step of its site, in the order of the engine's `takeStep`. */
export function createVocabulary(crossing: Crossing, places: Places): Vocabulary {
  const records = new Map<string, NativeRecord>();
  const names: Names = {
    ...pureNames(crossing), ...stepNames(crossing, places), ...loopNames(crossing, places), ...DECLARATIONS,
    record: (name: string, options: Options) => {
      records.set(name, callbacksOf(crossing, options));
      return recordHandle(crossing, places);
    },
    state: () => stateHandle(crossing, places),
    JSON: { parse: pure(crossing, "JSON.parse"), stringify: pure(crossing, "JSON.stringify") },
    $at: places.at, $turns: places.turns, $caught: caughtValue, $text: crossing.text, $operator: crossing.operator, $sign: crossing.sign, $index: crossing.index,
  };
  return {
    name: (name) => (Object.hasOwn(names, name) ? names[name] : notYet(name)),
    server: () => serverHandle(crossing, places),
    own: () => places.placed((site) => (...args: unknown[]) => crossing.take(site, args)),
    record: (name) => records.get(name) ?? {},
  };
}

/** What stands at the top of a module and does nothing by itself: the Program has it. */
const DECLARATIONS: Names = {
  workflow: (_options: unknown, body: unknown) => ({ body }),
  ...Object.fromEntries(["every", "cron", "webhook", "queue", "resource", "input"].map((name) => [name, () => Object.freeze({})])),
};

/** The pure functions, `quote.jql` and its kind too. */
function pureNames(crossing: Crossing): Names {
  const names: { [name: string]: unknown } = {};
  const quote: { [name: string]: unknown } = {};
  for (const builtin of OFFSTAGE_BUILTINS) {
    const [group, member] = builtin.split(".");
    if (group === "quote" && member !== undefined) quote[member] = pure(crossing, builtin);
    else names[builtin] = pure(crossing, builtin);
  }
  return { ...names, quote };
}

function pure(crossing: Crossing, name: string): ModuleFunction {
  return (...args) => crossing.builtin(name, args);
}

/** Steps with an identity or a time of their own. */
function stepNames(crossing: Crossing, { placed }: Places): Names {
  const steps = { pauses: true };
  return {
    once: placed((site) => {
      const once = (key: unknown, write: unknown, { for: window, confirm }: Options = {}): unknown =>
        crossing.take(site, [key, window === undefined ? undefined : crossing.builtin("duration", [window]), crossing.fn(write, steps), confirm === undefined ? undefined : crossing.fn(confirm, steps)]);
      return Object.assign(once, { perRun: (write: unknown) => crossing.take(site, [crossing.fn(write, steps)]) });
    }),
    poll: placed((site) => ({ every, max }: Options, turn: unknown) => crossing.take(site, [crossing.builtin("duration", [every]), max, crossing.fn(turn, steps)])),
    approve: placed((site) => ({ message, show, by, within }: Options) => crossing.take(site, [message, show, by, within === undefined ? undefined : crossing.builtin("duration", [within])])),
    waitFor: placed((site) => (_trigger: unknown, { when, within }: Options = {}) =>
      crossing.take(site, [when === undefined ? undefined : crossing.fn(when, { pauses: false }), within === undefined ? undefined : crossing.builtin("duration", [within])])),
    sleep: placed((site) => (length: unknown) => crossing.take(site, [crossing.builtin("duration", [length])])),
    until: placed((site) => (time: unknown) => crossing.take(site, [time])),
    now: placed((site) => () => crossing.take(site, [])),
    ago: placed((site) => (length: unknown) => (crossing.take(site, []) as number) - (crossing.builtin("duration", [length]) as number)),
    ask: placed((site) => ({ prompt, schema, maxTokens, model }: Options) => crossing.take(site, [prompt, schema, maxTokens, model])),
    call: placed((site) => (_workflow: unknown, inputs: unknown) => crossing.take(site, [inputs])),
    start: placed((site) => (_workflow: unknown, key: unknown, inputs: unknown) => crossing.take(site, [key, inputs])),
    log: placed((site) => (...parts: unknown[]) => crossing.take(site, parts)),
  };
}

/** Loops and branches. */
function loopNames(crossing: Crossing, { placed }: Places): Names {
  const steps = { pauses: true };
  return {
    each: placed((site) => (items: unknown, { key, parallel }: Options, body: unknown) =>
      crossing.take(site, [items, crossing.fn(key, { pauses: false }), parallel, crossing.fn(body, steps)])),
    parallel: placed((site) => (branches: Options) => crossing.take(site, Object.values(branches).map((branch) => crossing.fn(branch, steps)))),
  };
}

/** Whatever tool, resource or prompt is named: the step at the site knows which one it is. */
function serverHandle(crossing: Crossing, { placed }: Places): unknown {
  return placed((site) => {
    const tool = (...parts: unknown[]): unknown => crossing.take(site, parts);
    const pages = (args: unknown, { max, until }: Options = {}): unknown => crossing.take(site, [args, max, until]);
    return new Proxy({}, { get: () => Object.assign(tool, { pages }) });
  });
}

function recordHandle(crossing: Crossing, { placed }: Places): unknown {
  return placed((site) => {
    const take = (value: unknown): unknown => crossing.take(site, [value]);
    return { ensure: take, release: take, lookup: take, all: () => take(undefined) };
  });
}

function stateHandle(crossing: Crossing, { placed }: Places): unknown {
  return placed((site) => {
    const of = (key: unknown): object => ({ get: () => crossing.take(site, [key, undefined]), set: (value: unknown) => crossing.take(site, [key, value]) });
    return { ...of(undefined), of };
  });
}

/** The callbacks that Node executes; see {@link NativeRecord} for what it does not. */
function callbacksOf(crossing: Crossing, options: Options): NativeRecord {
  const names = ["identity", "find", "create", "read", "same", "update", "release", "reopen"].filter((name) => typeof options[name] === "function");
  return Object.fromEntries(names.map((name) => [name, crossing.callable(options[name] as ModuleFunction)]));
}

/** Types that are imported as if they were values have no value; a word that is not built yet says so when it is called. */
function notYet(name: string): unknown {
  return () => {
    throw new OffstageError("NOT_YET", `${name} is not built yet.`);
  };
}
