import type { Data } from "offstage/base";
import { askRunToEnd, removedUntil, runUnknown } from "offstage/host";
import { z } from "zod";
import { effectData, whatItDid } from "../output/run-answer.ts";
import { pageOf, pageQuery, pageShape, placeOf } from "./page.ts";
import { type Route, route } from "./route.ts";
import { summaryOf } from "./run-summary.ts";
import { effect, run as runShape, runStatus, runSummary, startedRun } from "./shapes.ts";
import type { ApiStage } from "./stage.ts";

/** How many writes the story of a run shows; the others are asked for. */
const SHOWN_EFFECTS = 100;

const runPlace = z.tuple([z.int(), z.string()]);

/** Runs: the newest first, one with its story, and an end before it comes by itself. */
export function runRoutes({ store, environment: { bell } }: ApiStage): readonly Route[] {
  return [
    route({
      method: "GET", path: "/runs", role: "viewer", summary: "Runs, the newest first.",
      query: z.strictObject({ ...pageQuery, workflow: z.string().optional(), status: z.array(runStatus).optional(), root: z.string().optional().meta({ description: "The first run of a chain: those that continue it, and itself." }) }),
      answer: { status: 200, shape: z.object({ runs: z.array(runSummary), ...pageShape }) },
      async handle({ query: { limit, cursor, workflow, status, root } }) {
        const place = placeOf(cursor, runPlace);
        const filter = { limit: limit + 1, ...(workflow === undefined ? {} : { workflow }), ...(status === undefined ? {} : { status }), ...(root === undefined ? {} : { rootRunId: root }), ...(place === null ? {} : { before: { createdAt: place[0], id: place[1] } }) };
        const found = await store.transact({ durable: false, reads: true }, (tx) => tx.listRuns(filter));
        const { shown, next } = pageOf(found, limit, ({ createdAt, id }) => [createdAt, id]);
        return { status: 200, body: { runs: shown.map(summaryOf), next } as unknown as Data };
      },
    }),
    route({
      method: "GET", path: "/runs/{id}", role: "viewer", summary: "The story of a run: what started it, what it wrote, what it holds and waits for, and what it started.",
      answer: { status: 200, shape: z.object({ run: runShape, effects: z.array(effect), moreEffects: z.boolean().meta({ description: "There are more: these are the last ones, and GET /effects?run= lists all." }), started: z.array(startedRun) }) }, problems: [404],
      async handle({ params: { id = "" } }) {
        const [found, until] = await store.transact({ durable: false, reads: true }, async (tx) => [await tx.getRun(id), await removedUntil(tx)] as const);
        if (found === null) throw runUnknown(id, until);
        const { effects, started } = await whatItDid(store, found, SHOWN_EFFECTS + 1);
        const more = effects.length > SHOWN_EFFECTS;
        const shown = more ? effects.slice(1) : effects;
        return { status: 200, body: { run: found, effects: shown.map(effectData), moreEffects: more, started: started.map((one) => ({ id: one.id, workflow: one.workflow, status: one.status, event: one.event })) } as unknown as Data };
      },
    }),
    route({
      method: "POST", path: "/runs/{id}/cancel", role: "operator", summary: "Has a run end after the call that is under way, whoever drives it. One that has ended stays as it is. 202 says that the wish is on the disk.",
      answer: { status: 202, shape: z.object({ run: runSummary }) }, problems: [404],
      async handle({ params: { id = "" } }) {
        const asked = await askRunToEnd(store, id);
        bell?.ring();
        return { status: 202, body: { run: summaryOf(asked) } as unknown as Data };
      },
    }),
  ];
}
