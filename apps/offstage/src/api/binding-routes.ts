import type { Data } from "offstage/base";
import { z } from "zod";
import { pageOf, pageQuery, pageShape, placeOf } from "./page.ts";
import { type Route, route } from "./route.ts";
import { binding } from "./shapes.ts";
import type { ApiStage } from "./stage.ts";

/** What records are bound to. */
export function bindingRoutes({ store }: ApiStage): readonly Route[] {
  return [
    route({
      method: "GET", path: "/bindings", role: "viewer", summary: "What records are bound to, by scope, record, key and generation.",
      query: z.strictObject({ ...pageQuery, scope: z.string().optional(), record: z.string().optional(), key: z.string().optional(), live: z.enum(["true", "false"]).optional().meta({ description: "Only those that live, or only those that were released." }) }),
      answer: { status: 200, shape: z.object({ bindings: z.array(binding), ...pageShape }) },
      async handle({ query: { limit, cursor, scope, record, key, live } }) {
        const place = placeOf(cursor, z.tuple([z.string(), z.string(), z.string(), z.int()]));
        const after = place === null ? {} : { after: { scope: place[0], record: place[1], key: place[2], generation: place[3] } };
        const filter = { limit: limit + 1, ...(scope === undefined ? {} : { scope }), ...(record === undefined ? {} : { record }), ...(key === undefined ? {} : { key }), ...(live === undefined ? {} : { live: live === "true" }), ...after };
        const found = await store.transact({ durable: false, reads: true }, (tx) => tx.listBindings(filter));
        const { shown, next } = pageOf(found, limit, (last) => [last.scope, last.record, last.key, last.generation]);
        return { status: 200, body: { bindings: shown, next } as unknown as Data };
      },
    }),
  ];
}
