import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installOnDebian } from "../../scripts/house/debian.ts";

/** A time of day of its own, for processes that are started with `env`: it goes as the machine's does, until it is put elsewhere. Timers go on as they do. */
export interface WallClock {
  readonly env: Readonly<Record<string, string>>;
  /** Puts it forward, or back, by so many seconds. */
  jump(seconds: number): void;
  now(): number;
  remove(): void;
}

const LIBRARIES = ["x86_64-linux-gnu", "aarch64-linux-gnu"].map((machine) => `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`);

/** By libfaketime, which it installs on Debian as root, and fails without. */
export function createWallClock(): WallClock {
  const found = (): string | undefined => LIBRARIES.find((library) => existsSync(library));
  if (found() === undefined) installOnDebian(["faketime"]);
  const library = found();
  if (library === undefined) throw new Error("There is no libfaketime here: apt-get install faketime.");
  const folder = mkdtempSync(join(tmpdir(), "offstage-clock-"));
  const file = join(folder, "offset");
  let offset = 0;
  const put = (): void => {
    // In one piece: it is read at any moment.
    writeFileSync(`${file}.new`, `${offset < 0 ? "" : "+"}${offset}\n`);
    renameSync(`${file}.new`, file);
  };
  put();
  return {
    env: { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: "1", FAKETIME_DONT_FAKE_MONOTONIC: "1" },
    jump(seconds) {
      offset += seconds;
      put();
    },
    now: () => Date.now() + offset * 1_000,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
