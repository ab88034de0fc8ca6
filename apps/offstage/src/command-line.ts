/** A command line, as far as what it gives next is concerned: `projectFolder` is what `--project` said, or null. */
interface GivenFor {
  readonly projectFolder: string | null;
}

/** Text that no shell takes apart. */
const PLAIN = /^[\w./:@%+=,-]+$/;

/** A command to give next, as it can be given: in the project that this one was given for. */
export function commandLine(io: GivenFor, ...words: readonly string[]): string {
  return ["offstage", ...words.map(shellWord), ...projectWords(io)].join(" ");
}

/** In backticks; or after a colon, as far as its words go: to a comma or the end of the sentence. */
const GIVEN = /`offstage [a-z][^`]*(?=`)|(?<=: )offstage [a-z]+\b(?: +(?:'[^']*'|[^\s'`.,;]|[.,;](?=[^\s.,;]))+)*/gm;

/** A text of ours that names commands to give next: each in the project that this one was given for. */
export function inProject(io: GivenFor, text: string): string {
  if (io.projectFolder === null) return text;
  return text.replace(GIVEN, (command) => (command.includes("--project") ? command : [command, ...projectWords(io)].join(" ")));
}

function projectWords({ projectFolder }: GivenFor): readonly string[] {
  return projectFolder === null ? [] : ["--project", shellWord(projectFolder)];
}

/** A word that a shell takes as it is, quoted where it would not. */
export function shellWord(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
