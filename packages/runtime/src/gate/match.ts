/** Whether something is as a rule says. `maybe`: it could be read so. */
export type Match = "yes" | "maybe" | "no";

const ORDER: readonly Match[] = ["no", "maybe", "yes"];

/** The weakest of them; `yes` of none. */
export function allOf(matches: readonly Match[]): Match {
  return matches.reduce<Match>((all, one) => (rank(one) < rank(all) ? one : all), "yes");
}

/** The strongest of them; `no` of none. */
export function anyOf(matches: readonly Match[]): Match {
  return matches.reduce<Match>((any, one) => (rank(one) > rank(any) ? one : any), "no");
}

/** `no` where it is `yes`, and the other way around. */
export function opposite(match: Match): Match {
  return match === "maybe" ? match : match === "yes" ? "no" : "yes";
}

/** No stronger than `most`. */
export function atMost(most: Match, match: Match): Match {
  return allOf([most, match]);
}

function rank(match: Match): number {
  return ORDER.indexOf(match);
}
