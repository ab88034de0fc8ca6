import type { Draw } from "./draw.ts";

/** Where a statement of a generated workflow stands, and what it can use there. */
export interface Place {
  /** An expression of a text that is this place's own among all that goes on side by side: part of every key, label and message. */
  readonly key: string;
  /** The item at hand, inside a loop. */
  readonly item: string | null;
  /** Locals that hold what a write answered, and so may be unknown. */
  readonly made: readonly string[];
  readonly lists: readonly string[];
  /** Conditions over what was found on the way. */
  readonly asked: readonly string[];
  /** Expressions of texts, for arguments and for the output. */
  readonly values: readonly string[];
  /** Locals that hold what loops and branches came to, for the output. */
  readonly results: readonly string[];
  readonly depth: number;
  /** Nothing goes on beside it: it may ask what others ask too. */
  readonly alone: boolean;
  /** Writes have no identity here: a turn of `for…of` has none that lasts. */
  readonly reads: boolean;
}

/** What a shape may use of whoever grows it. */
export interface Growth {
  readonly draw: Draw;
  /** A block of one to three statements, one level deeper; `last`: how it ends. */
  body(place: Place, last?: (end: Place) => string): string;
}

/** The text of a statement, and what it adds to the place of those after it. */
export interface Grown {
  readonly text: string;
  readonly after?: Partial<Place>;
}

/** Makes one statement; `n` is a number of its own. */
export type Shape = (growth: Growth, place: Place, n: number) => Grown;

const textOf = ({ draw }: Growth, { made, values, item }: Place): string => draw.pick(['"fixed"', "`${run.startedAt}`", ...(item === null ? [] : [`${item}.title`]), ...values, ...made.map((name) => `${name}.key`)]);
const ownText = (growth: Growth, place: Place, n: number): string => `\`${n} \${${place.key}} \${${textOf(growth, place)}}\``;
const keyOf = (place: Place, n: number): string => `\`${n}:\${${place.key}}\``;

function conditionOf({ draw }: Growth, { key, item, made, asked, alone }: Place): string {
  const shared = ['(await tracker.search({ label: "1" })).length > 0', '(await repo.list_items({})).some((one) => one.title === "new")'];
  const own = [`(await tracker.search({ label: ${key} })).length > 0`, `(await repo.list_items({ state: ${key} })).length > 1`];
  return draw.pick([...(item === null ? [] : [`${item}.title.length > 3`, `${item}.id === "1"`]), ...made.map((name) => `${name}.key.length > 9`), ...asked, ...asked, ...(alone ? shared : own)]);
}

const create = (options: (label: string) => string): Shape => (growth, place, n) => {
  const label = `\`c${n}-\${${place.key}}\``;
  return { text: `const w${n} = await once(${keyOf(place, n)}, () => tracker.create({ label: ${label}, summary: ${textOf(growth, place)} })${options(label)});`, after: { made: [...place.made, `w${n}`] } };
};

/** What writes. */
export const WRITES: Readonly<Record<string, Shape>> = {
  once: create(() => ""),
  "once for": create(() => ', { for: "7d" }'),
  "once confirm": create((label) => `, { confirm: async () => (await tracker.search({ label: ${label} })).at(0) ?? null }`),
  "once per run": (growth, place, n) => ({ text: `await once.perRun(() => chat.send({ text: ${ownText(growth, place, n)} }));` }),
  send: (growth, place, n) => ({ text: `await once(${keyOf(place, n)}, () => chat.send({ text: ${ownText(growth, place, n)} }));` }),
  bare: (growth, place, n) => ({ text: `const w${n} = await tracker.create({ label: ${keyOf(place, n)}, summary: ${textOf(growth, place)} });`, after: { made: [...place.made, `w${n}`] } }),
  start: (growth, place, n) => ({ text: `await start(greet, ${keyOf(place, n)}, { text: ${ownText(growth, place, n)}, to: ${growth.draw.pick(['""', "null", '"all"', '"all"'])} });` }),
};

/** What waits for time, people and events. */
export const WAITS: Readonly<Record<string, Shape>> = {
  sleep: ({ draw }) => ({ text: `await sleep(${draw.pick(['"1h"', '"3d"'])});` }),
  approve: ({ draw }, place, n) => ({ text: `const a${n} = await approve({ message: ${keyOf(place, n)}, within: "7d"${draw.pick(["", ', onTimeout: "approve"', ', onTimeout: "fail"'])} });`, after: { asked: [...place.asked, `["approved"].includes(a${n}.outcome)`], values: [...place.values, `a${n}.outcome`] } }),
  wait: ({ draw }, place, n) => ({ text: `const e${n} = await waitFor(webhook("repo"), { when: (e) => e.body.n ${draw.pick(["=== 7", '=== "1"', "!== null"])}, within: "7d" });`, after: { asked: [...place.asked, `e${n} === null`] } }),
  poll: ({ draw }, place, n) => ({ text: `const p${n} = await poll({ every: "1h", max: 2 }, async () => (await repo.list_items({ state: ${keyOf(place, n)} })).at(${draw.below(4)})?.id);`, after: { asked: [...place.asked, `p${n} === null`], values: [...place.values, `p${n} ?? "none"`] } }),
};

/** What reads, computes and leaves. */
export const OTHERS: Readonly<Record<string, Shape>> = {
  read: (growth, place, n) => ({ text: `const l${n} = await repo.list_items({ state: ${ownText(growth, place, n)} });`, after: { lists: [...place.lists, `l${n}`], asked: [...place.asked, `l${n}.length > 1`] } }),
  pure: ({ draw }, place, n) => ({ text: `const v${n} = ${draw.pick(place.lists)}.${draw.pick(['map((one) => `${one.id}=${one.title.length}`).join()', "filter((one) => one.title.length > 3).map((one) => one.id).toSorted((a, b) => (a < b ? 1 : -1)).join(\"+\")", "reduce((all, one) => all + one.title.slice(0, 2), \"\")", 'find((one) => one.title !== "a")?.title ?? "no"', "map((one) => one.title.padEnd(3, \"é\")).join(\"\").toUpperCase()"])};`, after: { values: [...place.values, `v${n}`], asked: [...place.asked, `v${n}.length > 3`] } }),
  leave: (growth, place) => ({ text: `if (${conditionOf(growth, place)}) ${growth.draw.pick(['return "early";', 'throw fail("on purpose");'])}` }),
};

/** What needs an item. */
export const OF_ITEMS: Readonly<Record<string, Shape>> = {
  ensure: (_, place, n) => ({ text: `const t${n} = await ticket.ensure(${place.alone ? place.item ?? "" : `{ id: ${place.key}, title: ${place.item ?? ""}.title }`});`, after: { made: [...place.made, `t${n}`] } }),
  release: (_, place) => ({ text: `await ticket.release(${place.alone ? `${place.item ?? ""}.id` : place.key});` }),
};

/** What only one at a time may do. */
export const ALONE: Readonly<Record<string, Shape>> = {
  state: ({ draw }, place, n) => ({ text: `const s${n} = await seen.get();${draw.pick(["", `\nawait seen.set(s${n} + 1);`])}`, after: { asked: [...place.asked, `s${n} > 1`], values: [...place.values, `\`\${s${n}}\``] } }),
  call: ({ draw }, place, n) => ({ text: `const r${n} = await call(tell, ${draw.pick(["{}", `{ prefix: "${n} " }`])});`, after: { results: [...place.results, `r${n}`], asked: [...place.asked, `r${n}.told > 1`] } }),
};

/** What has statements inside. */
export const DEEP: Readonly<Record<string, Shape>> = {
  if: (growth, place) => ({ text: `if (${conditionOf(growth, place)}) ${growth.body(place)}` }),
  "if else": (growth, place) => ({ text: `if (${conditionOf(growth, place)}) ${growth.body(place)} else ${growth.body(place)}` }),
  try: (growth, place, n) => ({ text: `try ${growth.body(place)} catch (error) {\nconst c${n} = (error as StepError).code;\n${growth.body({ ...place, values: [...place.values, `c${n}`], asked: [...place.asked, `c${n} === "TOOL_FAILED"`] })}\n}` }),
  each: (growth, place, n) => eachOf(growth, place, n, growth.draw.pick(["", ', onError: "continue"']), place.alone),
  "each parallel": (growth, place, n) => eachOf(growth, place, n, `, parallel: 2${growth.draw.pick(["", ', onError: "continue"', ', onError: "continue"'])}`, false),
  "for of": (growth, place, n) => ({ text: `for (const i${n} of ${growth.draw.pick(place.lists)}) {\nconst k${n} = \`\${${place.key}}/${n}-\${i${n}.id}\`;\n${growth.draw.pick(["", `if (i${n}.title === "a") continue;`, `if (i${n}.id === "3") break;`])}\n${growth.body({ ...place, item: `i${n}`, key: `k${n}`, reads: true })}\n}` }),
  parallel: (growth, place, n) => ({ text: `const r${n} = await parallel({\n${["a", "b"].map((name) => `${name}: async () => ${growth.body({ ...place, key: `${place.key} + "${name}${n}"`, results: [], alone: false }, resultOf)}`).join(",\n")} });`, after: { results: [...place.results, `r${n}`] } }),
};

function eachOf(growth: Growth, place: Place, n: number, options: string, alone: boolean): Grown {
  const inner: Place = { ...place, item: `i${n}`, key: `k${n}`, results: [], alone };
  const list = growth.draw.pick(place.lists);
  const text = `const r${n} = await each(${list}, { key: (one) => one.id${options} }, async (i${n}) => {\nconst k${n} = \`\${${place.key}}/${n}-\${i${n}.id}\`;\n${growth.body(inner, resultOf).slice(1, -1)}});`;
  return { text, after: { results: [...place.results, `r${n}`], asked: [...place.asked, `r${n}.length > 1`] } };
}

/** How a body ends that has a value. */
export function resultOf({ made, values, results }: Place): string {
  return `return { made: [${made.map((name) => `${name}.key`).join(", ")}], values: [${values.join(", ")}], results: [${results.join(", ")}] };`;
}
