import { mkdtempSync, realpathSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const IN_MEMORY = "/dev/shm";
const ENOUGH_BYTES = 512 * 1024 * 1024;

/**
 * A new folder, in memory where there is some: for stores of tests that end processes, none of which needs a disk. On one each commit waits
 * for it, and for whatever else the machine writes. Remove it in the end.
 */
export function makeQuickFolder(prefix: string): string {
  return realpathSync(mkdtempSync(join(hasRoom() ? IN_MEMORY : tmpdir(), prefix)));
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize >= ENOUGH_BYTES;
  } catch {
    return false;
  }
}
