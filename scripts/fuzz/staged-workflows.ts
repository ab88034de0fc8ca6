import type { Draw } from "./draw.ts";
import { ALONE, DEEP, type Growth, type Grown, OF_ITEMS, OTHERS, type Place, resultOf, WAITS, WRITES } from "./staged-shapes.ts";

const TOP: Place = { key: '"top"', item: null, made: [], lists: ["items"], asked: ["items.length > 1"], values: [], results: [], depth: 2, alone: true, reads: false };
const TICKET = `const ticket = record("ticket", {
  identity: (item: Kept) => item.id, find: (item) => tracker.search({ label: item.id }), create: (item) => tracker.create({ label: item.id, summary: item.title }), keep: (found) => ({ key: found.key }),
  read: (kept) => tracker.get({ key: kept.key }), same: (actual, item) => actual.summary === item.title, update: (kept, item) => tracker.update({ key: kept.key, summary: item.title }), release: (kept) => tracker.close({ key: kept.key }), reopen: (kept) => tracker.reopen({ key: kept.key }),
});`;

/**
 * Workflows of the whole vocabulary that mean one thing whatever of their strands is first: what goes on side by side asks different
 * things, so that every host has to make the same calls.
 */
export class StagedWorkflowGrower implements Growth {
  /** Shape → how often it was used. */
  readonly shapes = new Map<string, number>();
  readonly draw: Draw;
  #count = 0;

  constructor(draw: Draw) {
    this.draw = draw;
  }

  workflow(): string {
    const body = this.#statements(TOP, 3 + this.draw.below(4), resultOf);
    return `import { approve, call, each, fail, once, parallel, poll, record, sleep, start, state, type StepError, waitFor, webhook, workflow } from "offstage";
import { chat, repo, tracker } from "#servers";
import greet from "./greet.ts";
import tell from "./tell.ts";
interface Kept { readonly id: string; readonly title: string }
const seen = state("seen", 0);
${body.includes("ticket.") ? TICKET : ""}
export default workflow({ name: "generated", description: "", on: [], limits: { writes: 200 } }, async ({ run }) => {
const items = await repo.list_items({});
${body}
});`;
  }

  body(place: Place, last?: (end: Place) => string): string {
    return `{\n${this.#statements({ ...place, depth: place.depth - 1 }, 1 + this.draw.below(3), last)}\n}`;
  }

  #statements(place: Place, count: number, last: (end: Place) => string = () => ""): string {
    const texts: string[] = [];
    let at = place;
    for (let index = 0; index < count; index++) {
      const { text, after } = this.#statement(at);
      texts.push(text);
      at = { ...at, ...after };
    }
    return [...texts, last(at)].join("\n");
  }

  #statement(place: Place): Grown {
    const more = place.reads ? {} : { ...WRITES, ...(place.item === null ? {} : OF_ITEMS), ...(place.alone ? ALONE : {}) };
    const wide = this.draw.chance(0.2) ? WAITS : { ...OTHERS, ...more };
    const [shape, make] = this.draw.pick(Object.entries(place.depth > 0 && this.draw.chance(0.45) ? DEEP : wide));
    this.shapes.set(shape, (this.shapes.get(shape) ?? 0) + 1);
    this.#count += 1;
    return make(this, place, this.#count);
  }
}
