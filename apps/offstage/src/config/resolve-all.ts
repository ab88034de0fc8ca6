import { isOffstageError, OffstageError } from "offstage/base";

/** The hint to set variables; those of several errors are put together. */
const SET = /Set (?:it|them) before you start Offstage: export ((?:\S+=…(?: (?=\S+=…))?)+)/g;

/**
 * Resolves each of several; whoever sets up a project is told of all secrets that are missing, not of one at each try. Errors: one `SECRET_MISSING` for all that are missing;
 * any other of `resolve` at once.
 */
export function resolveAll<T, U>(items: readonly T[], resolve: (item: T) => U): readonly U[] {
  const missing: OffstageError[] = [];
  const resolved: U[] = [];
  for (const item of items) {
    try {
      resolved.push(resolve(item));
    } catch (error) {
      if (!isOffstageError(error) || error.code !== "SECRET_MISSING") throw error;
      missing.push(error);
    }
  }
  const [first, ...more] = missing;
  if (first === undefined) return resolved;
  throw more.length === 0 ? first : together(missing);
}

function together(errors: readonly OffstageError[]): OffstageError {
  const messages = new Set(errors.map(({ message }) => message.replace(/\.$/, "")));
  const hints = errors.map(({ hint }) => hint ?? "");
  const names = new Set(hints.flatMap((hint) => [...hint.matchAll(SET)].flatMap(([, variables = ""]) => variables.split(" "))));
  const set = names.size === 0 ? [] : [`Set ${names.size === 1 ? "it" : "them"} before you start Offstage: export ${[...names].join(" ")}`];
  const hint = [...new Set(hints.map((one) => one.replaceAll(SET, "").trim())), ...set].filter((one) => one !== "").join(" ");
  return new OffstageError("SECRET_MISSING", `${[...messages].join("; ")}.`, { ...(hint === "" ? {} : { hint }), cause: errors[0] });
}
