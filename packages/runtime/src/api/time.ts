/** A length of time as text: a whole number and a unit, `"90s"` `"10m"` `"1h"` `"7d"`. Anything else is `DURATION_INVALID`. */
export type Duration = string;

declare const time_: unique symbol;

/** An instant: milliseconds since the epoch. Differences of two are milliseconds. Made by {@link now}, {@link ago} and {@link time}. */
export type Time = number & { readonly [time_]: "milliseconds since the epoch" };

/** The time now. Journaled: a run that goes on after a crash sees the same instant again at the same place. */
export declare function now(): Time;

/** The instant so long before now: `pr.updated < ago("7d")`. Journaled as {@link now} is. */
export declare function ago(duration: Duration): Time;

/** An instant as ISO 8601 text in UTC, `"2026-11-22T21:23:00.000Z"`. */
export declare function iso(time: number): string;

/** Reads ISO 8601 text as an instant. Text that is no date is an error that shows it. */
export declare function time(text: string): Time;

/** A duration in milliseconds: `duration("90m")` is 5,400,000. */
export declare function duration(duration: Duration): number;
