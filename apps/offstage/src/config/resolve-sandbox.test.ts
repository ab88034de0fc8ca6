import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRedactor } from "offstage/base";
import { MIGRATIONS } from "../../../../packages/runtime/src/sql/index.ts";
import { openProject } from "../project/load-project.ts";
import { createTestProject, workshopConfig } from "../testing/command-line.ts";
import { resolveSandbox, type SandboxPlaces, secretFiles } from "./resolve-sandbox.ts";

const PLACES: SandboxPlaces = { env: { HOME: "/home/ada", PATH: "/usr/bin:/home/ada/.nvm/versions/node/v24/bin:/home/ada/.local/bin:/home/ada/bin:/srv/p/node_modules/.bin:relative:/:/home:/home/ada:/data/bin:/home/eve/.cargo/bin:/home/bob/bin" }, folder: "/srv/p", platform: "linux", dotEnv: [".env", ".env.local"], kept: ["/srv/p/state/store.db", "/srv/p/.offstage/tokens"], writable: [], interpreters: [] };

function sandbox(settings: Partial<Parameters<typeof resolveSandbox>[1]>, places: Partial<SandboxPlaces> = {}, cwd?: string) {
  return resolveSandbox({ name: "s", ...(cwd === undefined ? {} : { cwd }) }, { write: [], read: [], hosts: [], ...settings }, { ...PLACES, ...places });
}

test("without more said a server reads programs and the project, but none of its secrets, and writes nothing", () => {
  const { hidden, readable, write, hosts } = sandbox({});
  expect([write, hosts]).toEqual([[], []]);
  expect(hidden).toEqual(expect.arrayContaining(["/", "/etc/ssh", "/srv/p/.env", "/srv/p/.env.local", "/srv/p/.offstage", "/srv/p/state/store.db"]));
  expect(readable).toEqual(expect.arrayContaining(["/usr", "/etc", "/srv/p", "/home/ada/.nvm/versions/node/v24", "/home/ada/.local/bin", "/home/ada/.local/share/uv", "/home/ada/bin", "/srv/p/node_modules"]));
  // What is around these folders is more than programs.
  for (const path of ["/", "/home", "/home/ada", "/home/ada/.local", "/home/ada/.ssh", "/data", "/home/eve/.cargo", "/home/bob"]) expect(readable).not.toContain(path);
});

test("where a secret is in what it reads, entries are shown one by one: a mask goes with the file that is replaced", () => {
  expect(sandbox({ read: ["/etc/motd", "/srv/other"] }, {}, "/srv/tools").entrywise).toEqual(["/srv/p"]);
  expect(sandbox({ read: ["/srv/keys"] }, { kept: ["/srv/keys/a", "/srv/tools/store.db-wal"] }, "/srv/tools").entrywise).toEqual(["/srv/p", "/srv/tools", "/srv/keys"]);
  expect(sandbox({}, { platform: "darwin" }).entrywise).toEqual([]);
});

test("its folders are the project's, the home's, or absolute", () => {
  expect(sandbox({ write: ["data", "~/notes", "${userHome}/x", "/var/lib/s"], read: ["${workspaceFolder}/../other", ".env"], hosts: ["a.example"] }, {}, "/srv/tools")).toMatchObject({
    write: ["/srv/p/data", "/home/ada/notes", "/home/ada/x", "/var/lib/s"],
    readable: expect.arrayContaining(["/srv/other", "/srv/p/.env", "/srv/tools"]) as string[],
    hidden: expect.not.arrayContaining(["/srv/p/.env"]) as string[],
    hosts: ["a.example"],
  });
  expect(sandbox({}, {}, "/home").readable).not.toContain("/home");
});

test("a link that a server leaves where it may write is not followed the next time", () => {
  const { write, readable } = sandbox({ write: ["data/sub", "data", "data", "other"], read: ["data/in", "data", "logs"] });
  expect(write).toEqual(["/srv/p/data", "/srv/p/other"]);
  expect(readable).toEqual(expect.arrayContaining(["/srv/p/logs"]));
  expect(readable).not.toContain("/srv/p/data/in");
});

test("what lies in a folder that another server may write is given to nobody: that one could put a link in its place", () => {
  const writable = [{ server: "other", path: "/srv/p/shared" }, { server: "s", path: "/srv/p/data" }];
  for (const settings of [{ write: ["shared/sub"] }, { read: ["shared/in"] }, { read: ["/srv/p/shared/in/x"] }]) {
    expect(() => sandbox(settings, { writable })).toThrow(expect.objectContaining({ code: "CONFIG_INVALID", message: expect.stringMatching(/names \/srv\/p\/shared\/.*, and other may write \/srv\/p\/shared around it/) as string, hint: expect.stringContaining("Give s all of /srv/p/shared") as string }));
  }
  expect(() => sandbox({}, { writable }, "/srv/p/shared/in")).toThrow("other may write");
  expect(sandbox({ write: ["shared"] }, { writable }).write).toEqual(["/srv/p/shared"]);
  expect(sandbox({ write: ["data"], read: ["shared"] }, { writable }, "/srv/p/data/in").readable).not.toContain("/srv/p/data/in");
  expect(sandbox({}, { writable, env: { HOME: "/home/ada", PATH: "/srv/p/shared/bin" } }).readable).not.toContain("/srv/p/shared/bin");
});

test("a path that a link leads elsewhere is refused, whoever made it; the way to the project may have links", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "offstage-links-")));
  try {
    for (const path of ["p/workflows", "p/shared", "real-flows", "elsewhere"]) mkdirSync(join(root, path), { recursive: true });
    for (const [to, from] of [["p", "linked"], ["p/workflows", "p/shared/sub"], ["elsewhere", "p/shared/in"], ["real-flows", "p/profiles"], ["not-yet", "p/shared/later"], ["p/shared/round", "p/shared/round"]] as const) symlinkSync(join(root, to), join(root, from));
    const places = { folder: join(root, "linked"), kept: [] };
    expect(() => sandbox({ write: ["shared/sub"] }, places)).toThrow(`may not let it write ${root}/p/shared/sub, which leads to ${root}/p/workflows`);
    expect(() => sandbox({ write: ["../real-flows"] }, places)).toThrow("which decides what servers may do");
    for (const settings of [{ write: ["shared/in"] }, { write: ["shared/in/new"] }, { read: ["shared/in"] }]) expect(() => sandbox(settings, places)).toThrow(`is, or is behind, a link to ${root}/elsewhere`);
    expect(() => sandbox({ read: ["shared/later"] }, places)).toThrow(`a link to ${root}/not-yet`);
    // Nor is a folder of programs that leads through what somebody may write, by whatever name.
    symlinkSync(join(root, "elsewhere"), join(root, "p/shared/bin"));
    symlinkSync(join(root, "p/shared/bin"), join(root, "programs"));
    for (const path of ["linked/shared/bin", "p/shared/bin", "programs"].map((each) => join(root, each))) {
      for (const more of [{ interpreters: [path] }, { env: { HOME: "/home/ada", PATH: path } }]) {
        expect(sandbox({}, { ...places, ...more }).readable).toContain(path);
        expect(sandbox({ write: ["shared"] }, { ...places, ...more, writable: [{ server: "s", path: join(root, "p/shared") }] }).readable).not.toContain(path);
      }
    }
    expect(sandbox({ read: ["shared/round"] }, places).readable).toContain(`${root}/p/shared/round`);
    expect(sandbox({ write: ["shared"], read: [".env"] }, places)).toMatchObject({ write: [`${root}/p/shared`], hidden: expect.not.arrayContaining([`${root}/p/.env`]) as string[] });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

test("a project that is the home, or holds it, has no sandbox: all of it would be readable", () => {
  for (const home of ["/srv/p", "/srv/p/ada"]) expect(() => sandbox({}, { env: { HOME: home } })).toThrow(/cannot be sandboxed in a project that is your home/);
});

test.each([".", "..", "/", "/srv", "mcp.json", "workflows", "workflows/x", "profiles", ".offstage", ".offstage/tokens/x", "state", "state/store.db", "node_modules"])("it may not be given %s to write: it could give itself more", (path) => {
  expect(() => sandbox({ write: [path] })).toThrow(expect.objectContaining({ code: "CONFIG_INVALID", message: expect.stringContaining("the sandbox of s may not let it write") as string }));
});

test("the files from which servers get their secrets are known, of whatever server", () => {
  const stdio = { kind: "stdio", name: "a", command: "x", args: ["--key", "${file:keys/a}"], env: { A: "${file:/run/secrets/a} ${env:B}" }, cwd: null, envFile: "${workspaceFolder}/jira.env" } as const;
  expect(secretFiles([stdio, { kind: "http", name: "b", url: "https://b.example", headers: { Authorization: "Bearer ${file:b}" } }], "/srv/p", [])).toEqual(["/srv/p/keys/a", "/run/secrets/a", "/srv/p/b", "/srv/p/jira.env"]);
  expect(secretFiles([], "/srv/p", ['{ "off": { "disabled": true, "env": { "A": "${file:keys/off}" } } }', "tokens: { key: '${file:keys/seal}' } # not ${file:}"])).toEqual(["/srv/p/keys/off", "/srv/p/keys/seal"]);
});

test("a store in the project is hidden with all that it has beside it, its copies from before upgrades too", () => {
  const project = createTestProject({ "mcp.json": workshopConfig(), "offstage.yaml": "store: { file: state/store.db }\nservers: { workshop: { sandbox: true } }\n" });
  const { config } = openProject({ cwd: project.folder, projectFolder: null, env: process.env, redactor: createRedactor() }).server("workshop");
  expect(config).toMatchObject({ sandbox: { hidden: expect.arrayContaining(["", "-wal", `.before-${MIGRATIONS.length}`, `.before-${MIGRATIONS.length + 1}`].map((suffix) => join(project.folder, `state/store.db${suffix}`))) as string[] } });
  project.remove();
});

test("a sandbox of a server that is not there, or runs elsewhere, is a fault: nobody runs open by a slip", async () => {
  const project = createTestProject({ "mcp.json": workshopConfig(), "offstage.yaml": "servers: { workshp: { sandbox: true } }\n" });
  expect(await project.run("servers")).toMatchObject({ code: 2, err: expect.stringMatching(/servers\.workshp has a sandbox, and mcp\.json has no server of that name\.[\s\S]*Did you mean workshop\?/) as string });
  project.write("mcp.json", JSON.stringify({ mcpServers: { far: { url: "https://far.example/mcp" } } }));
  project.write("offstage.yaml", "servers: { far: { sandbox: true } }\n");
  expect((await project.run("servers")).err).toContain("it cannot be sandboxed here");
  project.remove();
});
