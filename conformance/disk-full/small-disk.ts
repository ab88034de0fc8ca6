import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, truncateSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PAGE_BYTES = 4_096;

/** A file system of its own that can be filled. */
export interface SmallDisk {
  readonly folder: string;
  /** A store's file on it. */
  readonly file: string;
  /** Takes all space but so many pages. */
  fill(pagesLeft: number): void;
  free(): void;
  unmount(): void;
}

/** Mounts one. Needs the right to (root), and throws without it: a check that did not run is not a success. */
export function mountSmallDisk(bytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), "offstage-disk-full-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder], { encoding: "utf8" });
  if (mounted.status !== 0) {
    rmdirSync(folder);
    throw new Error(`This check mounts a small file system and could not: ${(mounted.stderr || String(mounted.error)).trim()} Run it as root, for example in a container with --cap-add SYS_ADMIN.`);
  }
  const filler = join(folder, "filler");
  return {
    folder,
    file: join(folder, "store.db"),
    fill(pagesLeft) {
      const descriptor = openSync(filler, "w");
      const page = Buffer.alloc(PAGE_BYTES, 1);
      let pages = 0;
      try {
        for (;;) pages += writeSync(descriptor, page) / PAGE_BYTES;
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
      }
      closeSync(descriptor);
      truncateSync(filler, Math.max(0, Math.floor(pages) - pagesLeft) * PAGE_BYTES);
    },
    free: () => rmSync(filler, { force: true }),
    unmount() {
      spawnSync("umount", ["-l", folder]);
      rmdirSync(folder);
    },
  };
}
