/** Commands that a session has a tool for, without `offstage` and the project, and how a model says them. */
const CALLED: readonly (readonly [command: RegExp, said: string])[] = [
  // A write outside every plan: a session makes none.
  [/^call ([^\s.]+)\.\S+.* --yes\b.*$/s, "only a person can, at a terminal. What a profile says holds when it is adopted: adopt profiles/$1.ts"],
  [/^call (\S+) --args '(.*)'$/s, "try_read $1 with $2"],
  [/^call (\S+)$/, "try_read $1"],
  [/^check --fix$/, "write with fix"],
  [/^check( [\w-]+)?$/, "check$1"],
  [/^tools (?:<words>|…)$/, "find_tools"],
  [/^tools (.+)$/, "find_tools $1"],
  [/^profile (\S+)$/, "write profiles/$1.ts"],
  [/^record (\S+) --case plan$/, "plan $1"],
  [/^(plan|adopt) (\S+)$/, "$1 $2"],
  [/^apply (\S+)(?: --ask)?$/, "apply with plan $1"],
  [/^runs$/, "runs"],
  [/^show (\S+)$/, "runs with run $1"],
];
/** A line of carets below a line of code: the place is in the line above it already. */
const CARETS = /^\s+\|\s+\^+$/;

/** A command as a model of a session gives it; null for one that only people give. */
export function asCalled(command: string): string | null {
  const [called, said = ""] = CALLED.find(([one]) => one.test(command)) ?? [];
  // What a shell needs in quotes, a model reads as it is.
  return called === undefined ? null : command.replace(called, said).replaceAll(String.raw`'\''`, "'");
}

/** What a command prints, without what only an eye needs. */
export function withoutCarets(text: string): string {
  return text.split("\n").filter((line) => !CARETS.test(line)).join("\n");
}
