import { type Data, UnsafeInteger } from "offstage/base";
import type { Told } from "offstage/studio";

/** UTF-16 units of a text: more than any client shows, or any person is asked about. */
const MOST_TEXT = 100_000;
/** Of the texts, names and values of data together, about. */
const MOST_DATA = 1_000_000;
/** What one value counts besides its text. */
const VALUE = 8;

/** What was told, as far as a session can make anything of it: what made it may be larger than a process can hand over. Where something is left out it says so. */
export function briefTold({ ok, text, data, notes }: Told): Told {
  const isLong = text.length > MOST_TEXT || notes.length > MOST_TEXT;
  const isLarge = roomLeft(data, MOST_DATA) < 0;
  if (!isLong && !isLarge) return { ok, text, data, notes };
  return { ok, text: bothEnds(text), data: isLarge ? beginning(data) : data, notes: bothEnds(notes), isCut: true };
}

/** What came of something stands last. */
function bothEnds(text: string): string {
  const [head, tail] = [MOST_TEXT * 0.75, MOST_TEXT * 0.25];
  return text.length <= MOST_TEXT ? text : `${text.slice(0, head)}\n… ${text.length - MOST_TEXT} more characters …\n${text.slice(-tail)}`;
}

/** What a value leaves of a room; as soon as it leaves none, something negative. */
function roomLeft(value: Data, room: number): number {
  if (typeof value === "string") return room - value.length - VALUE;
  if (!isNested(value)) return room - VALUE;
  let left = room - VALUE;
  for (const [name, part] of Object.entries(value)) {
    left = roomLeft(part as Data, left - name.length);
    if (left < 0) break;
  }
  return left;
}

/** Which plan, and how much it writes, is asked of it still; of anything else how it begins. */
function beginning(data: Data): Data {
  const { plan } = (isNested(data) ? data : {}) as { readonly plan?: { readonly id?: unknown; readonly effects?: readonly unknown[] } };
  if (typeof plan?.id === "string" && Array.isArray(plan.effects)) return { plan: { id: plan.id, effects: plan.effects.map(() => null) } };
  return partOf(data, { left: MOST_DATA / 100 });
}

/** As many parts as there is room for, and a word where parts are missing. */
function partOf(value: Data, room: { left: number }): Data {
  if (typeof value === "string") {
    const taken = value.slice(0, Math.max(0, room.left));
    room.left -= taken.length + VALUE;
    return taken.length === value.length ? value : `${taken}… (${value.length - taken.length} more characters)`;
  }
  room.left -= VALUE;
  if (!isNested(value)) return value;
  const parts: [string, Data][] = [];
  const all = Object.entries(value);
  for (const [name, part] of all) {
    if ((room.left -= name.length) <= 0) break;
    parts.push([name, partOf(part as Data, room)]);
  }
  const more = all.length - parts.length;
  if (Array.isArray(value)) return [...parts.map(([, part]) => part), ...(more === 0 ? [] : [`… ${more} more`])];
  return Object.fromEntries([...parts, ...(more === 0 ? [] : [["…", `${more} more`] as const])]);
}

function isNested(value: Data): value is Extract<Data, object> {
  return typeof value === "object" && value !== null && !(value instanceof UnsafeInteger);
}
