/** What stands around the body of a small workflow. */
interface Around {
  readonly name?: string;
  /** Before the workflow. */
  readonly top?: string;
  /** More of its options: `inputs: { … }`. */
  readonly options?: string;
  /** What starts it; people only, without it. */
  readonly on?: string;
  readonly writes?: number;
}

/** A workflow for a case: a body with the whole vocabulary and all servers of the world. */
export function small(body: string, { name = "small", top = "", options = "", on = "", writes = 50 }: Around = {}): { readonly source: string } {
  return { source: `import { ago, approve, ask, call, capture, captures, chunk, duration, each, every, fail, groupBy, hash, iso, lines, log, now, once, parallel, parseCsv, poll, quote, range, record, sleep, state, time, until, workflow, type StepError } from "offstage";
import { chat, repo, shop, tracker } from "#servers";
${top}
export default workflow({ name: "${name}", on: [${on}], limits: { writes: ${writes} }, ${options} }, async ({ inputs, event, run }) => {
${body}
});
` };
}
