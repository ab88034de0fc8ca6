/** Whether whoever read this number may have rounded it: an integer that no double tells from its neighbours. */
export function isRounded(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
}
