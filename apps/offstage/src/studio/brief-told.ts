import { type Data, UnsafeInteger } from "offstage/base";
import type { Told } from "offstage/studio";

/** UTF-16 units of a text: more than any client shows, or any person is asked about. */
const MOST_TEXT = 100_000;
/** Of the texts, names and values of data together, about. */
const MOST_DATA = 1_000_000;
/** Levels of data: what is handed over lies in a message, which may not nest deeper than other JSON. */
const MOST_LEVELS = 200;
/** What one value counts besides its text. */
const VALUE = 8;

/** What was told, as far as a session can make anything of it: what made it may be larger than a process can hand over. Where something is left out it says so. */
export function briefTold({ ok, text, data, notes }: Told): Told {
  const isLong = text.length > MOST_TEXT || notes.length > MOST_TEXT;
  const isLarge = roomLeft(data, MOST_DATA, MOST_LEVELS) < 0;
  if (!isLong && !isLarge) return { ok, text, data, notes };
  return { ok, text: bothEnds(text), data: isLarge ? inPlaceOf(data) : data, notes: bothEnds(notes), isCut: true };
}

/** What came of something stands last. */
function bothEnds(text: string): string {
  const [head, tail] = [MOST_TEXT * 0.75, MOST_TEXT * 0.25];
  return text.length <= MOST_TEXT ? text : `${text.slice(0, head)}\n… ${text.length - MOST_TEXT} more characters …\n${text.slice(-tail)}`;
}

/** What a value leaves of a room; as soon as it leaves none, or nests deeper than `levels`, something negative. */
function roomLeft(value: Data, room: number, levels: number): number {
  if (typeof value === "string") return room - value.length - VALUE;
  if (!isNested(value)) return room - VALUE;
  if (levels === 0) return -1;
  let left = room - VALUE;
  for (const [name, part] of Object.entries(value)) {
    left = roomLeft(part as Data, left - name.length, levels - 1);
    if (left < 0) break;
  }
  return left;
}

/** Which plan it is, and how much it writes, is asked of it still. */
function inPlaceOf(data: Data): Data {
  const { plan } = (isNested(data) ? data : {}) as { readonly plan?: { readonly id?: unknown; readonly effects?: readonly unknown[] } };
  if (typeof plan?.id === "string" && Array.isArray(plan.effects)) return { plan: { id: plan.id, effects: plan.effects.map(() => null) } };
  const size = isNested(data) ? Object.keys(data).length : 1;
  return `This is larger, or nests deeper, than can be shown here: ${size} ${Array.isArray(data) ? "items" : "members"} on top.`;
}

function isNested(value: Data): value is Extract<Data, object> {
  return typeof value === "object" && value !== null && !(value instanceof UnsafeInteger);
}
