import type { RateLimit } from "offstage/calls";
import { z } from "zod";

/** The key of `servers.<name>` that says how many calls it is spared; it holds beside what a profile says. */
export const rateFields = {
  rate: z
    .strictObject({ perSecond: z.number().min(0.001).max(1_000), concurrent: z.int().min(1).max(1_000) })
    .partial()
    .refine(({ perSecond, concurrent }) => perSecond !== undefined || concurrent !== undefined, { error: "write { perSecond: 5, concurrent: 4 }, or one of both." }),
};

/** The rates of servers that have one. */
export function rateSettings(servers: Readonly<Record<string, { readonly rate?: z.infer<(typeof rateFields)["rate"]> | undefined }>> = {}): ReadonlyMap<string, RateLimit> {
  return new Map(Object.entries(servers).flatMap(([server, { rate }]) => (rate === undefined ? [] : [[server, { ...(rate.perSecond === undefined ? {} : { perSecond: rate.perSecond }), ...(rate.concurrent === undefined ? {} : { concurrent: rate.concurrent }) }] as const])));
}
