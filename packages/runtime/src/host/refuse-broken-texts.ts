import { type Data, type JsonObject, OffstageError } from "../base/index.ts";

/** What is asked for is kept with a run under its hash, which has no form for half of a surrogate pair: such a run could not be driven. Throws `INPUT_INVALID`, naming the inputs, before anything is stored. */
export function refuseBrokenTexts(inputs: JsonObject): void {
  const broken = Object.entries(inputs).filter(([, value]) => !isWhole(value)).map(([name]) => name);
  if (broken.length === 0) return;
  throw new OffstageError("INPUT_INVALID", `The input ${broken.join(", ")} holds half of a surrogate pair, which is no character.`, { hint: "Give it as whole characters, in UTF-8." });
}

function isWhole(value: Data): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Array.isArray(value) ? value.every(isWhole) : Object.entries(value as { readonly [name: string]: Data }).every(([name, member]) => name.isWellFormed() && isWhole(member));
}
