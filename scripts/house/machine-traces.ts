/** A text that would betray the machine, and what it is. */
export interface Trace {
  readonly what: string;
  readonly text: string;
}

/** Shorter ones (`/a/`, a host called `ci`) occur in ordinary text. */
const SHORTEST = 6;

/** One line for each place where a file names the machine; a lock must not say where packages come from either. */
export function findTraces(path: string, text: string, traces: readonly Trace[]): readonly string[] {
  const told = traces.filter((trace) => trace.text.length >= SHORTEST);
  return text.split("\n").flatMap((line, index) => {
    const where = `${path}:${index + 1}`;
    const found = told.filter((trace) => namesIt(line, trace.text)).map((trace) => `${where}: names ${trace.what} (${trace.text})`);
    const resolved = path.endsWith("package-lock.json") && /"resolved":\s*"[a-z]+:/.test(line);
    return resolved ? [...found, `${where}: says where a package comes from; run npm with omit-lockfile-registry-resolved=true`] : found;
  });
}

/** As a word of its own: `/home/ada/` in `srv/home/ada/` is another path. */
function namesIt(line: string, text: string): boolean {
  for (let at = line.indexOf(text); at !== -1; at = line.indexOf(text, at + 1)) {
    if (!/[\w.-]/.test(line[at - 1] ?? "")) return true;
  }
  return false;
}
