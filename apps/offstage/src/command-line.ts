/** A command line, as far as what it gives next is concerned. */
export interface GivenFor {
  /** What `--project` said, or null. */
  readonly projectFolder: string | null;
  /** What commands are given to, where it is not `offstage`: an exported package's `node main.ts`, which knows its folder. */
  readonly program?: string;
  /** What commands are called where a model reads of them: in a session. */
  readonly asCalled?: (text: string) => string;
}

/** Text that no shell takes apart. */
const PLAIN = /^[\w./:@%+=,-]+$/;

/** A command to give next, as it can be given: in the project that this one was given for. */
export function commandLine(io: GivenFor, ...words: readonly string[]): string {
  return [io.program ?? "offstage", ...words.map(shellWord), ...projectWords(io)].join(" ");
}

/** In backticks; or after a colon, as far as its words go: to a comma or the end of the sentence. */
const GIVEN = /`offstage [a-z][^`]*(?=`)|(?<=: )offstage [a-z]+\b(?: +(?:'[^']*'|[^\s'`.,;]|[.,;](?=[^\s.,;]))+)*/gm;

/** A text of ours that names commands to give next: each in the project that this one was given for. Never one with words of strangers in it: what looks like a command in those would become one. */
export function inProject(io: GivenFor, text: string): string {
  if (io.projectFolder === null && io.program === undefined) return text;
  const given = text.replace(GIVEN, (command) => [io.program === undefined ? command : command.replace("offstage", () => io.program ?? ""), ...(command.includes("--project") ? [] : projectWords(io))].join(" "));
  return io.asCalled?.(given) ?? given;
}

/** Of a command, only this. */
export function givenFor({ projectFolder, program, asCalled }: GivenFor): GivenFor {
  return { projectFolder, ...(program === undefined ? {} : { program }), ...(asCalled === undefined ? {} : { asCalled }) };
}

function projectWords({ projectFolder }: GivenFor): readonly string[] {
  return projectFolder === null ? [] : ["--project", shellWord(projectFolder)];
}

/** A word that a shell takes as it is, quoted where it would not. */
export function shellWord(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
