import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { interpreterFolders } from "./interpreter-folders.ts";

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "offstage-interpreter-")));
  for (const folder of ["venv/bin", "python/bin", "links", "project"]) mkdirSync(join(root, folder), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

function program(path: string, text: string): void {
  writeFileSync(join(root, path), text);
  chmodSync(join(root, path), 0o755);
}
function needs(command: string, path: string, folder = ".", writable: readonly string[] = []): readonly string[] {
  const found = interpreterFolders(command, { path, folder: join(root, folder), writable: writable.map((each) => ({ server: "s", path: join(root, each) })) });
  return found.filter((each) => each.startsWith(root)).map((each) => each.slice(root.length + 1));
}

test("of a Python environment's program the installation that its interpreter is a link to is needed, with its libraries", () => {
  program("python/bin/python3.11", "\u007fELF");
  symlinkSync("python3.11", join(root, "python/bin/python3"));
  symlinkSync(join(root, "python/bin/python3"), join(root, "venv/bin/python"));
  program("venv/bin/mcp-server-git", `#!${root}/venv/bin/python\nimport sys\n`);
  const needed = ["venv/bin", "venv/lib", "venv/lib64", "venv/libexec", "python/bin", "python/lib", "python/lib64", "python/libexec"];
  expect(needs("mcp-server-git", `/usr/bin:${root}/venv/bin`)).toEqual(needed);
  expect(needs("../venv/bin/mcp-server-git", "", "project")).toEqual(needed);
});

test("a Python environment with a copy of its interpreter names the installation that it was made from, which may be made from links again", () => {
  program("python/bin/python3.11", "\u007fELF");
  symlinkSync("python3.11", join(root, "python/bin/python3"));
  mkdirSync(join(root, "linked/bin"), { recursive: true });
  symlinkSync(join(root, "python/bin/python3"), join(root, "linked/bin/python3"));
  program("venv/bin/python", "\u007fELF");
  program("venv/bin/mcp-server-git", `#!${root}/venv/bin/python\nimport sys\n`);
  writeFileSync(join(root, "venv/pyvenv.cfg"), `include-system-site-packages = false\nHome = ${root}/linked/bin \nversion = 3.11.7\n`);
  const needed = ["bin", "lib", "lib64", "libexec", "pyvenv.cfg"].map((name) => `venv/${name}`);
  const based = ["linked", "python"].flatMap((prefix) => ["bin", "lib", "lib64", "libexec"].map((name) => `${prefix}/${name}`));
  for (const command of ["mcp-server-git", "python"]) expect([...needs(join(root, "venv/bin", command), "")].sort()).toEqual([...based, ...needed].sort());
  // What names no folder from the root on names none.
  writeFileSync(join(root, "venv/pyvenv.cfg"), "home = ../python/bin\n");
  expect(needs(join(root, "venv/bin/python"), "")).toEqual(needed);
});

test("env stands for what it looks for on the PATH, and a link for what it leads to", () => {
  program("python/bin/node", "\u007fELF");
  program("links/server", "#!/usr/bin/env node\n");
  expect(needs(join(root, "links/server"), `${root}/python/bin`)).toEqual([]);
  symlinkSync(join(root, "python/bin/node"), join(root, "links/node"));
  expect(needs(join(root, "links/server"), `${root}/links`)).toEqual(["python/bin", "python/lib", "python/lib64", "python/libexec"]);
});

test("what is not there, not to be executed, or a circle of links and interpreters needs nothing and ends", () => {
  writeFileSync(join(root, "links/plain"), "#!/bin/sh\n");
  program("links/again", `#!${root}/links/again\n`);
  symlinkSync("b", join(root, "links/a"));
  symlinkSync("a", join(root, "links/b"));
  for (const name of ["none", "plain", "again", "a"]) expect(needs(join(root, "links", name), "")).toEqual([]);
});

test("what stands where a sandboxed server may write says nothing of what it needs: it would choose what it sees", () => {
  program("venv/bin/server", `#!${root}/python/bin/python3\n`);
  symlinkSync(join(root, "venv/bin/server"), join(root, "links/server"));
  symlinkSync(join(root, "venv"), join(root, "project/venv"));
  for (const command of ["venv/bin/server", "links/server", "project/venv/bin/server"]) {
    expect(needs(join(root, command), "")).toContain("python/lib");
    expect(needs(join(root, command), "", ".", ["venv"])).toEqual([]);
    expect(needs(join(root, command), "", ".", ["venv/bin/server"])).toEqual([]);
  }
});
