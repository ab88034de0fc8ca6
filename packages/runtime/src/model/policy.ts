import type { Approvers } from "./approvers.ts";
import type { RecordAction } from "./identity.ts";

/** The project's rules over effects, from `offstage.yaml`; the first rule that matches decides. */
export interface Policy {
  readonly rules: readonly PolicyRule[];
  /** How long a plan may wait for its apply. */
  readonly planMaxAgeMs: number;
  /** How long a grant holds. */
  readonly grantMaxAgeMs: number;
  /** Believe a server's own `readOnlyHint`. */
  readonly trustHints: boolean;
  /** Updates and releases of one run beyond the larger of `count` and `share` of the bindings are held. */
  readonly guard: { readonly count: number; readonly share: number };
  /** How many writes a day may have; each that speaks of a write has to have room for it. */
  readonly limits: readonly DayLimit[];
  /** Who may answer what is held for a person. */
  readonly approvers: Approvers;
}

/** Absent fields match everything; `*` in a name matches any run of characters. `wait`: it is held for as long as the rule matches, which is a matter of time alone. */
export interface PolicyRule {
  readonly verdict: "allow" | "deny" | "approve" | "wait";
  readonly workflow?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly record?: string;
  readonly action?: RecordAction | "recreate" | "call" | "start";
  /** With `approve`: who has to permit it, people and groups; anybody without it. */
  readonly by?: readonly string[];
  /** With `approve`: how many different people; 1 without it. */
  readonly count?: number;
  /** Path into the write's arguments (`labels`, `lines[].price`) → what is there; all of them have to match. */
  readonly args?: Readonly<Record<string, ArgumentMatch>>;
  /** It holds within this time only. */
  readonly when?: TimeWindow;
  /** It holds outside of this time only. */
  readonly outside?: TimeWindow;
  /** Where it stands, for people: `offstage.yaml:12`. No part of what it says. */
  readonly place?: string;
}

/** The most writes of one day of UTC, of all runs of a store. Absent fields count every write; names are whole ones. */
export interface DayLimit {
  readonly perDay: number;
  /** That of the run which writes, also where it calls another. */
  readonly workflow?: string;
  readonly server?: string;
  readonly tool?: string;
  /** Where it stands, for people. */
  readonly place?: string;
}

/** What an argument has to be; all that is named has to hold. */
export interface ArgumentMatch {
  /** One of these; `*` in a text is any run of characters. */
  readonly is?: readonly (string | number | boolean)[];
  /** A list has one of these among its items, or a text has it in it. */
  readonly contains?: readonly (string | number | boolean)[];
  /** A number beyond this one. */
  readonly over?: number;
  /** A number below this one. */
  readonly under?: number;
  /** Whether there is one at all. */
  readonly given?: boolean;
  /** Not so. */
  readonly not?: ArgumentMatch;
}

/** Hours of a week, by the clocks of a time zone. */
export interface TimeWindow {
  /** 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes of the day, 0 to 1440. Where it ends no later than it begins, it ends on the next day: that night is of the day on which it begins. */
  readonly from: number;
  readonly to: number;
  /** IANA name, `Europe/Berlin`. */
  readonly timezone: string;
}

/** What applies when `offstage.yaml` says nothing. */
export const DEFAULT_POLICY: Policy = {
  rules: [],
  limits: [],
  planMaxAgeMs: 3_600_000,
  grantMaxAgeMs: 7 * 86_400_000,
  trustHints: false,
  guard: { count: 5, share: 0.1 },
  approvers: { groups: {}, fourEyes: false },
};
