/** `1 run`, `2 runs`; from `most` on, where counting ended, `1000 runs or more`. */
export function counted(count: number, noun: string, most = Number.POSITIVE_INFINITY): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}${count >= most ? " or more" : ""}`;
}
