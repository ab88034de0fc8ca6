import { statSync } from "node:fs";
import { isOffstageError } from "offstage/base";
import { fileStamp } from "./file-stamp.ts";

/** The files of a project's secrets, as they were when they were last good: who changes one under a process that runs for months is noticed. */
export interface SecretFiles {
  /** What `read` makes of a file now; while it fails (a file that is gone or empty, as in the middle of a swap), what it made before. Throws what `read` throws when it never was good. */
  text(path: string, read: () => string): string;
  /** Whether it was good once. */
  has(path: string): boolean;
  /** Another number whenever one of these files is another one: written anew, or what its symbolic links lead to, as Kubernetes swaps a mount. Costs a look at each file. */
  edition(): number;
}

/** None is known yet. `note` is told once of each file that cannot be used any more, and of its return. */
export function createSecretFiles(note: (text: string) => void): SecretFiles {
  const known = new Map<string, { stamp: string; good: string | null; lost: boolean }>();
  let edition = 0;
  const see = (file: { stamp: string }, stamp: string): void => {
    if (stamp !== file.stamp) edition += 1;
    file.stamp = stamp;
  };
  return {
    text(path, read) {
      const stamp = stampOf(path);
      const file = known.get(path) ?? { stamp, good: null, lost: false };
      known.set(path, file);
      see(file, stamp);
      try {
        file.good = read();
        if (file.lost) note(`${path} can be used again.`);
        file.lost = false;
        return file.good;
      } catch (error) {
        if (file.good === null || !isOffstageError(error)) throw error;
        if (!file.lost) note(`${error.message} What it held before is used on.`);
        file.lost = true;
        return file.good;
      }
    },
    has: (path) => typeof known.get(path)?.good === "string",
    edition() {
      for (const [path, file] of known) see(file, stampOf(path));
      return edition;
    },
  };
}

/** What `resolve` makes of the files as they are; made again when one of them is another one. What cannot be resolved then stays as it was, and `note` is told why. Errors: those of `resolve`, the first time. */
export function renewed<T>(files: Pick<SecretFiles, "edition">, note: (text: string) => void, resolve: () => T): () => T {
  let held = { edition: files.edition(), value: resolve() };
  return () => {
    const edition = files.edition();
    if (edition === held.edition) return held.value;
    try {
      held = { edition, value: resolve() };
    } catch (error) {
      if (!isOffstageError(error)) throw error;
      held = { ...held, edition };
      note(`${error.message} What was there before is used on.`);
    }
    return held.value;
  };
}

function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? "gone" : fileStamp(found);
}
