import type { Draw } from "./draw.ts";

/** Where a statement of a generated workflow stands. */
interface Place {
  /** A text that is this place's own among all turns: part of every key. */
  readonly key: string;
  /** The item at hand, inside a loop. */
  readonly item: string | null;
  /** Locals that hold what a write answered. */
  readonly made: readonly string[];
  /** Locals that hold a list of items. */
  readonly lists: readonly string[];
  readonly depth: number;
}

type Made = { readonly text: string; readonly after?: Place };

/** Workflows of every shape around writes, over the little world of the conformance cases. */
export class PlanWorkflowGrower {
  /** Shape → how often it was used. */
  readonly shapes = new Map<string, number>();
  readonly #draw: Draw;
  #count = 0;

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  workflow(): string {
    const body = this.#statements({ key: '"top"', item: null, made: [], lists: ["items"], depth: 3 }, 2 + this.#draw.below(4));
    return `import { each, fail, once, parallel, record, workflow } from "offstage";
import { chat, repo, tracker } from "#servers";
const ticket = record("ticket", {
  identity: (item: repo.Item) => item.id, find: (item) => tracker.search({ label: item.id }), create: (item) => tracker.create({ label: item.id, summary: item.title }), keep: (found) => ({ key: found.key }),
  read: (kept) => tracker.get({ key: kept.key }), same: (actual, item) => actual.summary === item.title, update: (kept, item) => tracker.update({ key: kept.key, summary: item.title }), release: (kept) => tracker.close({ key: kept.key }), reopen: (kept) => tracker.reopen({ key: kept.key }),
});
export default workflow({ name: "generated", description: "", on: [], limits: { writes: 200 } }, async ({ run }) => {
const items = await repo.list_items({});
${body}
return run.id;
});`;
  }

  #statements(place: Place, count: number): string {
    const texts: string[] = [];
    let at = place;
    for (let index = 0; index < count; index++) {
      const { text, after } = this.#statement(at);
      texts.push(text);
      at = after ?? at;
    }
    return texts.join("\n");
  }

  #statement(place: Place): Made {
    const flat = { once: this.#once, "once for": this.#onceFor, "once confirm": this.#onceConfirm, "per run": this.#perRun, send: this.#send, read: this.#read, leave: this.#leave, ...(place.item === null ? {} : { ensure: this.#ensure, release: this.#release }) };
    const deep = { if: this.#if, "if else": this.#ifElse, try: this.#try, each: this.#each, "each parallel": this.#eachParallel, parallel: this.#parallel };
    const makers = Object.entries(place.depth > 0 && this.#draw.chance(0.5) ? deep : flat) as readonly (readonly [string, (place: Place) => Made])[];
    const [shape, make] = this.#draw.pick(makers);
    this.shapes.set(shape, (this.shapes.get(shape) ?? 0) + 1);
    return make(place);
  }

  #body(place: Place): string {
    return `{\n${this.#statements({ ...place, depth: place.depth - 1 }, 1 + this.#draw.below(3))}\n}`;
  }

  #number(): number {
    this.#count += 1;
    return this.#count;
  }

  /** A text as an argument: known, or what a write answered. */
  #text({ item, made }: Place): string {
    return this.#draw.pick(['"fixed"', ...(item === null ? [] : [`${item}.title`]), ...made.map((name) => `${name}.key`), "`${run.startedAt}`"]);
  }

  #condition({ item, made }: Place): string {
    return this.#draw.pick([...(item === null ? [] : [`${item}.title.length > 3`, `${item}.id === "1"`]), ...made.flatMap((name) => [`${name}.key === "T-1"`, `${name}.key.length > 3`]), "items.length > 1", '(await tracker.search({ label: "1" })).length > 0', '(await repo.list_items({})).some((one) => one.title === "new")']);
  }

  #creates(place: Place, options: string): Made {
    const n = this.#number();
    const text = `const w${n} = await once(\`c${n}:\${${place.key}}\`, () => tracker.create({ label: \`c${n}-\${${place.key}}\`, summary: ${this.#text(place)} })${options.replaceAll("LABEL", `\`c${n}-\${${place.key}}\``)});`;
    return { text, after: { ...place, made: [...place.made, `w${n}`] } };
  }

  readonly #once = (place: Place): Made => this.#creates(place, "");
  readonly #onceFor = (place: Place): Made => this.#creates(place, ', { for: "7d" }');
  readonly #onceConfirm = (place: Place): Made => this.#creates(place, ", { confirm: async () => (await tracker.search({ label: LABEL })).at(0) ?? null }");
  readonly #perRun = (place: Place): Made => ({ text: `await once.perRun(() => chat.send({ text: ${this.#text(place)} }));` });
  readonly #send = (place: Place): Made => { const n = this.#number(); return { text: `await once(\`s${n}:\${${place.key}}\`, () => chat.send({ text: ${this.#text(place)} }));` }; };
  readonly #read = (place: Place): Made => { const n = this.#number(); return { text: `const l${n} = await repo.list_items({ state: ${this.#text(place)} });`, after: { ...place, lists: [...place.lists, `l${n}`] } }; };
  readonly #ensure = (place: Place): Made => { const n = this.#number(); return { text: `const t${n} = await ticket.ensure(${place.item ?? ""});`, after: { ...place, made: [...place.made, `t${n}`] } }; };
  readonly #release = (place: Place): Made => ({ text: `await ticket.release(${place.item ?? ""}.id);` });
  readonly #leave = (place: Place): Made => ({ text: `if (${this.#condition(place)}) ${this.#draw.pick(['return "early";', 'throw fail("on purpose");'])}` });
  readonly #if = (place: Place): Made => ({ text: `if (${this.#condition(place)}) ${this.#body(place)}` });
  readonly #ifElse = (place: Place): Made => ({ text: `if (${this.#condition(place)}) ${this.#body(place)} else ${this.#body(place)}` });
  readonly #try = (place: Place): Made => ({ text: `try ${this.#body(place)} catch ${this.#body(place)}` });
  readonly #each = (place: Place): Made => this.#loop(place, this.#draw.pick(["", ', onError: "continue"']));
  readonly #eachParallel = (place: Place): Made => this.#loop(place, ", parallel: 2");

  #loop(place: Place, options: string): Made {
    const n = this.#number();
    const inner: Place = { ...place, item: `i${n}`, key: `k${n}`, depth: place.depth - 1 };
    return { text: `await each(${this.#draw.pick(place.lists)}, { key: (one) => one.id${options} }, async (i${n}) => {\nconst k${n} = \`\${${place.key}}/\${i${n}.id}\`;\n${this.#statements(inner, 1 + this.#draw.below(3))}\n});` };
  }

  readonly #parallel = (place: Place): Made => ({ text: `await parallel({\na: async () => ${this.#body(place)},\nb: async () => ${this.#body(place)},\n});` });
}
