import { parseDuration } from "offstage/base";
import { z } from "zod";

/** A duration of the settings, `90s`, as ms: from `least` up to `longest`. */
export const durationUpTo = (longest: string, least = "1ms") =>
  z.string().transform((text, context) => {
    const ms = parseDuration(text);
    const tooShort = ms !== null && ms < (parseDuration(least) ?? 0);
    if (ms !== null && ms > 0 && !tooShort && ms <= (parseDuration(longest) ?? 0)) return ms;
    const isDuration = /^[1-9]\d*(ms|s|m|h|d)$/.test(text);
    context.addIssue({ code: "custom", message: isDuration ? `"${text}" is too ${tooShort ? `short; the least is "${least}"` : `long; the most is "${longest}"`}.` : `"${text}" is no duration; write "90s", "10m", "1h" or "7d".` });
    return z.NEVER;
  });
