import { type Data, type DataChange, stringifyExact } from "offstage/base";
import { escapeControls } from "../terminal.ts";

/** `~ description: "a" → "b"`, cut where nobody would read on. */
export function changeText(change: DataChange): string {
  const sign = change.before === undefined ? "+" : change.after === undefined ? "-" : "~";
  const values = [change.before, change.after].filter((value) => value !== undefined).map((value) => shown(value));
  return `${sign} ${escapeControls(change.path)}: ${values.join(" → ")}`;
}

const LONGEST = 120;

function shown(value: Data): string {
  const text = escapeControls(stringifyExact(value));
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
