import type { Data } from "offstage/base";
import { liftPauses } from "offstage/host";
import { changePauses, pausedNames } from "offstage/state";
import { z } from "zod";
import { pauseName } from "../pause-name.ts";
import { type Route, route } from "./route.ts";
import type { ApiStage } from "./stage.ts";

const names = z.array(z.string()).max(1_000).default([]);
const change = z.strictObject({
  pause: names.meta({ description: "`all`, workflows or servers (`server:jira` where both have the name)." }),
  unpause: names,
});
const shape = z.object({ paused: z.array(z.string()).meta({ description: "`*`, `workflow:x`, `server:y`." }) });

/** The pause switch. */
export function pauseRoutes({ store, programs, servers }: ApiStage): readonly Route[] {
  return [
    route({
      method: "GET", path: "/pauses", role: "viewer", summary: "What takes no writes now.", answer: { status: 200, shape },
      handle: async () => ({ status: 200, body: { paused: await store.transact({ durable: false, reads: true }, pausedNames) } as unknown as Data }),
    }),
    route({
      method: "POST", path: "/pauses", role: "operator", summary: "From now on no write of these begins, in any process over the store; or they may again.", body: change, answer: { status: 200, shape },
      async handle({ body: { pause, unpause } }) {
        const paused = await store.transact({ durable: true }, async (tx) => {
          const now = await pausedNames(tx);
          const known = { workflows: programs().map(({ name }) => name), servers };
          const resolved = (given: readonly string[]): readonly string[] => given.map((one) => pauseName(one, { ...known, paused: now }));
          const remove = resolved(unpause);
          await liftPauses(tx, remove.includes("*") ? now : remove);
          return changePauses(tx, { add: resolved(pause) });
        });
        return { status: 200, body: { paused } as unknown as Data };
      },
    }),
  ];
}
