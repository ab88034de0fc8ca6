import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BundleFile } from "offstage/bundle";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeBundle } from "./write-bundle.ts";

let place: string;
let folder: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "offstage-bundle-"));
  folder = join(place, "out");
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const write = (files: readonly BundleFile[], more: { readonly overwrites?: boolean; readonly target?: string } = {}) => writeBundle(files, { folder, target: "typescript", workflow: "leaks", overwrites: false, ...more });
const file = (path: string, content: string): BundleFile => ({ path, content });
const read = (path: string): string => readFileSync(join(folder, path), "utf8");

test("a new folder gets all files, binary and executable ones as they are; the same again writes nothing", () => {
  const files = [file("a.txt", "one"), { path: "bin/run", content: "#!", executable: true } as const, { path: "vendor/x.tgz", content: Uint8Array.of(0, 255) }];
  expect(write(files)).toEqual({ written: ["a.txt", "bin/run", "vendor/x.tgz"], unchanged: [], removed: [] });
  expect([...readFileSync(join(folder, "vendor/x.tgz"))]).toEqual([0, 255]);
  expect(statSync(join(folder, "bin/run")).mode & 0o777).toBe(0o755);
  expect(write(files)).toEqual({ written: [], unchanged: ["a.txt", "bin/run", "vendor/x.tgz"], removed: [] });
});

test("the next export replaces its own files, removes what is none of it any more, and leaves what its owner added", () => {
  write([file("a.txt", "one"), file("b.txt", "two")]);
  writeFileSync(join(folder, "mine.txt"), "mine");
  expect(write([file("a.txt", "other")])).toEqual({ written: ["a.txt"], unchanged: [], removed: ["b.txt"] });
  expect([read("a.txt"), read("mine.txt"), existsSync(join(folder, "b.txt"))]).toEqual(["other", "mine", false]);
});

test("a link that leads nowhere is no folder", () => {
  symlinkSync(join(place, "gone"), folder);
  expect(() => write([file("a.txt", "one")])).toThrow("a link that leads nowhere");
});

test("a folder of somebody else, and that of another export, is refused", () => {
  mkdirSync(folder);
  writeFileSync(join(folder, "mine.txt"), "mine");
  expect(() => write([file("a.txt", "one")])).toThrow(expect.objectContaining({ code: "EXPORT_REFUSED", message: expect.stringContaining("no export wrote") as string }) as Error);
  rmSync(folder, { recursive: true });
  write([file("a.txt", "one")]);
  expect(() => write([file("a.txt", "one")], { target: "python" })).toThrow("leaks to typescript");
});

test("a manifest that names a file outside of its folder is none: nothing of it is removed", () => {
  write([file("a.txt", "one")]);
  const manifest = read(".offstage-export.json");
  writeFileSync(join(place, "mine.txt"), "one");
  for (const path of ["../mine.txt", join(place, "mine.txt"), "b/../../mine.txt"]) {
    writeFileSync(join(folder, ".offstage-export.json"), manifest.replace('"a.txt"', JSON.stringify(path)));
    expect(() => write([file("b.txt", "two")], { overwrites: true })).toThrow(expect.objectContaining({ code: "EXPORT_REFUSED" }) as Error);
  }
  expect(readFileSync(join(place, "mine.txt"), "utf8")).toBe("one");
});

test("an edited file, one of the owner's in the way, and a link are kept until the exported text is asked for", () => {
  write([file("a.txt", "one"), file("b.txt", "two")]);
  writeFileSync(join(folder, "a.txt"), "edited");
  writeFileSync(join(folder, "c.txt"), "mine");
  expect(() => write([file("a.txt", "other"), file("c.txt", "three")])).toThrow("Edited since they were exported: a.txt, c.txt");
  expect([read("a.txt"), read("b.txt"), read("c.txt")]).toEqual(["edited", "two", "mine"]);
  expect(write([file("a.txt", "other"), file("c.txt", "three")], { overwrites: true }).written).toEqual(["a.txt", "c.txt"]);
  rmSync(join(folder, "c.txt"));
  symlinkSync(join(place, "elsewhere"), join(folder, "c.txt"));
  expect(() => write([file("a.txt", "other"), file("c.txt", "four")])).toThrow("c.txt");
  expect(existsSync(join(place, "elsewhere"))).toBe(false);
});

test("what a kill left half written is completed by the same export", () => {
  write([file("a.txt", "one"), file("b.txt", "two")]);
  const next = [file("a.txt", "three"), file("b.txt", "four")];
  // What stands on the disk after the first of the files.
  const manifest = read(".offstage-export.json");
  write(next);
  writeFileSync(join(folder, "b.txt"), "two");
  writeFileSync(join(folder, ".offstage-export.json"), JSON.stringify({ ...JSON.parse(manifest), files: Object.fromEntries(Object.entries((JSON.parse(manifest) as { files: Record<string, string[]> }).files).map(([path, hashes]) => [path, [...hashes, ...(JSON.parse(read(".offstage-export.json")) as { files: Record<string, string[]> }).files[path] ?? []]])) }));
  expect(write(next)).toMatchObject({ written: ["b.txt"], unchanged: ["a.txt"] });
});
