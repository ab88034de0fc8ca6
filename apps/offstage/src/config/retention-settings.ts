import type { Retention } from "offstage/host";
import { z } from "zod";
import { durationUpTo } from "./duration-setting.ts";

const LONGEST = "3650d";

/** How long what is over is kept; `forever`: always. Who sends an event again does so for up to three days (Stripe, GitHub): within a week none starts a second run. */
export const retentionSchema = z.strictObject({ runs: kept("2d"), events: kept("7d") }).partial();

function kept(least: string) {
  return z.union([z.literal("forever"), durationUpTo(LONGEST, least)]);
}

const DAY_MS = 86_400_000;

/** `retention:` with its defaults. */
export function retentionSettings({ runs = 90 * DAY_MS, events = 30 * DAY_MS }: z.infer<typeof retentionSchema> = {}): Retention {
  return { runsMs: runs === "forever" ? null : runs, eventsMs: events === "forever" ? null : events };
}
