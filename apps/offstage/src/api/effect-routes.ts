import { type Data, isOffstageError } from "offstage/base";
import { resolveEffect } from "offstage/effects";
import { z } from "zod";
import { effectData } from "../output/run-answer.ts";
import { pageOf, pageQuery, pageShape, placeOf } from "./page.ts";
import { ApiError } from "./problem.ts";
import { type Route, route } from "./route.ts";
import { effect, effectStatus } from "./shapes.ts";
import type { ApiStage } from "./stage.ts";

const verdict = z.discriminatedUnion("verdict", [
  z.strictObject({ verdict: z.literal("happened"), result: z.unknown().optional().meta({ description: "What the tool answered; a record can find it by itself." }) }),
  z.strictObject({ verdict: z.literal("did-not-happen") }),
]);

/** The ledger: every write, and what a person found out about one of which nobody else can tell. */
export function effectRoutes({ store, environment: { clock, redactor } }: ApiStage): readonly Route[] {
  return [
    route({
      method: "GET", path: "/effects", role: "viewer", summary: "Writes, what was intended last first. Those that are ambiguous wait for somebody to say what happened.",
      query: z.strictObject({ ...pageQuery, run: z.string().optional(), root: z.string().optional(), status: z.array(effectStatus).optional() }),
      answer: { status: 200, shape: z.object({ effects: z.array(effect), ...pageShape }) },
      async handle({ query: { limit, cursor, run, root, status } }) {
        const place = placeOf(cursor, z.tuple([z.int(), z.string()]));
        const filter = { limit: limit + 1, ...(run === undefined ? {} : { runId: run }), ...(root === undefined ? {} : { rootRunId: root }), ...(status === undefined ? {} : { status }), ...(place === null ? {} : { before: { intendedAt: place[0], id: place[1] } }) };
        const found = await store.transact({ durable: false, reads: true }, (tx) => tx.listEffects(filter));
        const { shown, next } = pageOf(found, limit, ({ intendedAt, id }) => [intendedAt, id]);
        return { status: 200, body: { effects: shown.map(effectData), next } as unknown as Data };
      },
    }),
    route({
      method: "POST", path: "/effects/{id}/resolve", role: "operator", summary: "Says what happened to a write of which nobody else can tell, after looking at the target itself.",
      body: verdict, answer: { status: 200, shape: z.object({ effect }) }, problems: [404, 409],
      async handle({ params: { id = "" }, body, caller }) {
        const value = body.verdict === "happened" && body.result !== undefined ? { value: redactor.redactData(body.result as Data) } : {};
        const given = body.verdict === "happened" ? { kind: "happened" as const, ...value } : { kind: "did-not-happen" as const };
        try {
          const entry = await resolveEffect(store, id, given, { by: redactor.redact(caller.name), now: clock.now() });
          return { status: 200, body: { effect: effectData(entry) } as unknown as Data };
        } catch (error) {
          // It is settled already.
          if (isOffstageError(error) && error.code === "USAGE") throw new ApiError(409, "USAGE", error.message, error.hint === undefined ? {} : { hint: error.hint });
          throw error;
        }
      },
    }),
  ];
}
