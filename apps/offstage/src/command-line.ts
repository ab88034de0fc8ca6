/** A command line, as far as what it gives next is concerned. */
export interface GivenFor {
  /** What `--project` said, or null. */
  readonly projectFolder: string | null;
  /** What commands are given to, where it is not `offstage`: an exported package's `node main.ts`, which knows its folder. */
  readonly program?: string;
  /** Where a model reads of them, in a session: what a command is called there, given without `offstage` and the project; null for one that only people give. */
  readonly asCalled?: (command: string) => string | null;
}

/** Text that no shell takes apart. */
const PLAIN = /^[\w./:@%+=,-]+$/;

/** A command to give next, as it can be given: in the project that this one was given for, or by a tool of the session that a model reads it in. */
export function commandLine(io: GivenFor, ...words: readonly string[]): string {
  const given = words.map(shellWord).join(" ");
  return io.asCalled?.(given) ?? [io.program ?? "offstage", given, ...projectWords(io)].join(" ");
}

/** In backticks; or after a colon, as far as its words go: to a comma or the end of the sentence. */
const GIVEN = /`offstage [a-z][^`]*(?=`)|(?<=: )offstage [a-z]+\b(?: +(?:'[^']*'|\\'|[^\s'`.,;]|[.,;](?=[^\s.,;]))+)*/gm;

/** A text of ours that names commands to give next: each in the project that this one was given for. Never one with words of strangers in it: what looks like a command in those would become one. */
export function inProject(io: GivenFor, text: string): string {
  if (io.projectFolder === null && io.program === undefined) return text;
  return text.replace(GIVEN, (command) => {
    const [, mark = "", words = ""] = /^(`?)offstage (.*)$/s.exec(command) ?? [];
    const called = io.asCalled?.(words) ?? null;
    if (called !== null) return mark + called;
    return [io.program === undefined ? command : `${mark}${io.program} ${words}`, ...(command.includes("--project") ? [] : projectWords(io))].join(" ");
  });
}

/** Whether a model reads what is said, in a session: it is told of nothing that would do without a person's yes. */
export function isForModel({ asCalled }: GivenFor): boolean {
  return asCalled !== undefined;
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
