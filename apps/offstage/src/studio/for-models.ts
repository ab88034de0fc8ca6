/** What commands are called in a session, and how one is told apart from those that only a person gives. */
const CALLED: readonly (readonly [command: RegExp, said: string])[] = [
  [/`?\boffstage call (\S+?) --args '([^']*)'(?: --project (?:'[^']*'|[^\s`]+))?`?/g, "try_read $1 with $2"],
  [/`?\boffstage call ([\w-]+\.[\w-]+)(?: --project (?:'[^']*'|[^\s`]+))?`?/g, "try_read $1"],
  [/`?\boffstage check --fix(?: --project (?:'[^']*'|[^\s`]+))?`?/g, "write with fix"],
  [/`?\boffstage tools (?:<words>|…)(?: --project (?:'[^']*'|[^\s`]+))?`?/g, "find_tools"],
];
/** A line of carets below a line of code: the place is in the line above it already. */
const CARETS = /^\s+\|\s+\^+$/;

/** A text of ours as a model of a session is to read it: with the session's names for what it can do itself. */
export function asCalled(text: string): string {
  return CALLED.reduce((said, [command, name]) => said.replaceAll(command, name), text);
}

/** What a command prints, without what only an eye needs. */
export function withoutCarets(text: string): string {
  return text.split("\n").filter((line) => !CARETS.test(line)).join("\n");
}
