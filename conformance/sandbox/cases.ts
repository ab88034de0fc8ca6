import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { createTestProject } from "../../apps/offstage/src/testing/command-line.ts";
import { type Cell, type CellOptions, openCell, processesOf, ROOT, sandboxOf, SERVER } from "./cell.ts";

/** One thing that a hostile server tries. */
export interface Case {
  readonly name: string;
  readonly run: () => Promise<void>;
}

async function inCell(options: CellOptions, use: (cell: Cell) => Promise<void>): Promise<void> {
  const cell = openCell(options);
  try {
    await use(cell);
  } finally {
    await cell.close();
    await gone(cell);
  }
}

/** Nothing of it is left, in whatever namespace; the script's own time limit is the only one. */
async function gone(cell: Cell): Promise<void> {
  while (cell.processes().length > 0) await pause();
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

/** Our own children that start sandboxes. */
function launchers(): readonly number[] {
  return processesOf("launcher.ts").filter((pid) => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[1] === String(process.pid));
}

/** A server on this machine, and what it was asked for. */
async function listen(use: (port: number, asked: readonly string[]) => Promise<void>): Promise<void> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.end("hello");
  });
  // As a company's proxy does, which knows every host.
  server.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url ?? ""}`);
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    server.emit("connection", socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use((server.address() as AddressInfo).port, asked);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const read = (path: string): string => `const { readFileSync } = await import("node:fs"); return readFileSync(${JSON.stringify(path)}, "utf8");`;
const write = (path: string): string => `const { writeFileSync } = await import("node:fs"); writeFileSync(${JSON.stringify(path)}, "mine"); return "written";`;
const get = (url: string): string => `const answer = await fetch(${JSON.stringify(url)}, { signal: AbortSignal.timeout(5000) }); return answer.status + " " + await answer.text();`;
const connect = (host: string, port: number): string => `const { connect } = await import("node:net"); return await new Promise((resolve) => connect(${port}, ${JSON.stringify(host)}).on("connect", () => resolve("connected")).on("error", (error) => resolve({ failed: error.code })));`;

function failed(said: unknown): void {
  assert.ok(typeof said === "object" && said !== null && "failed" in said, `it could: ${JSON.stringify(said)}`);
}

export const CASES: readonly Case[] = [
  {
    name: "reads the project, and no secret of the home, the project or the system",
    run: () => inCell({ env: { OFFSTAGE_CANARY: "ours" } }, async (cell) => {
      assert.equal(await cell.run(read(join(cell.folder, "notes.md"))), "hunter2-hunter2");
      for (const path of [".ssh/id_ed25519", ".netrc", "project/.env", "project/.offstage/store.db"]) failed(await cell.run(read(join(cell.home, path))));
      failed(await cell.run(read("/etc/shadow")));
      assert.match(String(await cell.run(read("/etc/passwd"))), /root:/);
      for (const path of ["/proc/1/environ", `/proc/${process.pid}/environ`]) assert.ok(!JSON.stringify(await cell.run(read(path))).includes("OFFSTAGE_CANARY"), path);
      for (const path of [join(homedir(), ".bashrc"), "/var/lib/dpkg/status"]) failed(await cell.run(read(path)));
    }),
  },
  {
    name: "reads what the settings name, and not what is beside it",
    run: () => inCell({ read: ["~/.netrc"] }, async (cell) => {
      assert.equal(await cell.run(read(join(cell.home, ".netrc"))), "hunter2-hunter2");
      failed(await cell.run(read(join(cell.home, ".ssh/id_ed25519"))));
    }),
  },
  {
    name: "writes where it may, and nothing else of this machine",
    run: () => inCell({}, async (cell) => {
      assert.equal(await cell.run(write(join(cell.folder, "data/made"))), "written");
      assert.equal(readFileSync(join(cell.folder, "data/made"), "utf8"), "mine");
      for (const path of ["mcp.json", "notes.md", "workflows/x.ts", ".offstage/store.db", "data/../notes.md"]) await cell.run(write(join(cell.folder, path)));
      await cell.run(`const { symlinkSync } = await import("node:fs"); symlinkSync(${JSON.stringify(join(cell.folder, "notes.md"))}, ${JSON.stringify(join(cell.folder, "data/link"))}); return "made";`);
      failed(await cell.run(write(join(cell.folder, "data/link"))));
      for (const path of [join(cell.home, ".bashrc"), join(cell.home, ".ssh/authorized_keys"), "/etc/offstage-was-here", "/usr/offstage-was-here", "/var/tmp/offstage-was-here"]) {
        await cell.run(write(path));
        assert.equal(existsSync(path), false, path);
      }
      for (const path of ["notes.md", ".offstage/store.db"]) assert.equal(readFileSync(join(cell.folder, path), "utf8"), "hunter2-hunter2");
      for (const path of ["mcp.json", "workflows"]) assert.equal(existsSync(join(cell.folder, path)), false, path);
    }),
  },
  {
    name: "writes to its temporary folder, which is its own and goes with it",
    run: () => inCell({}, async (cell) => {
      assert.equal(await cell.run(`const { tmpdir } = await import("node:os"); const { writeFileSync, readFileSync } = await import("node:fs"); writeFileSync(tmpdir() + "/offstage-was-here", "x"); return readFileSync(tmpdir() + "/offstage-was-here", "utf8");`), "x");
      assert.equal(existsSync("/tmp/offstage-was-here"), false);
    }),
  },
  {
    name: "reaches no service of this machine, with a proxy or without",
    run: () => listen((port, asked) => inCell({ hosts: ["api.example.com"] }, async (cell) => {
      failed(await cell.run(connect("127.0.0.1", port)));
      failed(await cell.run(connect("::1", port)));
      for (const host of ["127.0.0.1", "localhost", "[::1]", "0.0.0.0"]) assert.ok(!JSON.stringify(await cell.run(get(`http://${host}:${port}/x`))).includes("hello"), host);
      assert.deepEqual(asked, []);
    })),
  },
  {
    name: "reaches the hosts that it may, through the proxy of the machine, and no other one",
    run: () => listen((port, asked) => inCell({ hosts: ["allowed.example"], env: { http_proxy: `http://127.0.0.1:${port}` } }, async (cell) => {
      assert.equal(await cell.run(get("http://allowed.example/x")), "200 hello");
      assert.ok(!JSON.stringify(await cell.run(get("http://other.example/x"))).includes("hello"));
      assert.deepEqual(asked, ["CONNECT allowed.example:80", "/x"]);
      failed(await cell.run(connect("1.1.1.1", 443)));
    })),
  },
  {
    name: "reaches a service of this machine when the settings name it with its port, and Node's fetch goes there by itself",
    run: () => listen((port, asked) => inCell({ hosts: [`localhost:${port}`] }, async (cell) => {
      assert.equal(await cell.run(get(`http://localhost:${port}/mine`)), "200 hello");
      assert.deepEqual(asked, ["/mine"]);
    })),
  },
  {
    name: "finds no mount inside what it may write, whatever is there: another one could put a link in the place of its source",
    run: () => inCell({}, async (cell) => {
      const data = join(cell.folder, "data");
      for (const path of [".git/hooks", ".vscode", "in"]) mkdirSync(join(data, path), { recursive: true });
      for (const path of [".git/HEAD", ".git/config", ".bashrc", ".vscode/tasks.json"]) writeFileSync(join(data, path), "");
      const mounts = String(await cell.run(read("/proc/self/mountinfo"))).split("\n").map((line) => line.split(" ")[4] ?? "");
      assert.deepEqual(mounts.filter((point) => point.startsWith(data) && point !== data), []);
      assert.ok(mounts.includes(data));
      assert.equal(await cell.run("return process.cwd();"), cell.folder);
    }),
  },
  {
    name: "makes no socket to another program of this machine",
    run: () => inCell({}, async (cell) => {
      failed(await cell.run(`const { connect } = await import("node:net"); return await new Promise((resolve, reject) => connect("/var/run/docker.sock").on("connect", () => resolve("connected")).on("error", reject));`));
    }),
  },
  {
    name: "takes no wall down: not by mounting, unmounting, another root or namespaces of its own",
    run: () => inCell({}, async (cell) => {
      const secret = join(cell.home, ".netrc");
      for (const command of [`umount -l ${cell.home}`, "umount -l /tmp", `mount --bind / ${cell.folder}/data`, `unshare -Urm sh -c 'umount -l ${cell.home}; cat ${secret}'`, `unshare -m cat ${secret}`, `chroot /proc/1/root cat ${secret}`, `nsenter -t 1 -m cat ${secret}`, `cat /proc/1/root${secret}`, `mknod ${cell.folder}/data/disk b 8 1`]) {
        const said = await cell.run(`const { spawnSync } = await import("node:child_process"); const end = spawnSync("sh", ["-c", ${JSON.stringify(command)}], { encoding: "utf8" }); return end.stdout + end.stderr;`);
        assert.ok(!String(said).includes("hunter2"), command);
      }
      failed(await cell.run(read(secret)));
    }),
  },
  {
    name: "has no open file or socket of ours but its standard streams",
    run: () => inCell({}, async (cell) => {
      const seen = await cell.run(`const { readdirSync, readlinkSync } = await import("node:fs"); return readdirSync("/proc/self/fd").flatMap((fd) => { try { return Number(fd) > 2 ? [readlinkSync("/proc/self/fd/" + fd)] : []; } catch { return []; } });`);
      // Node's own: its loop's descriptors and pipes between its threads.
      assert.deepEqual((seen as readonly string[]).filter((what) => !/^(?:anon_inode:|pipe:|\/dev\/null$|\/proc\/)/.test(what)), []);
    }),
  },
  {
    name: "sees no process of this machine, and kills none",
    run: () => inCell({}, async (cell) => {
      failed(await cell.run(`process.kill(${process.pid}, "SIGKILL"); return "killed";`));
      const seen = await cell.run(`const { readdirSync } = await import("node:fs"); return readdirSync("/proc").filter((name) => /^\\d+$/.test(name)).length;`);
      assert.ok(typeof seen === "number" && seen < 20, `it sees ${String(seen)} processes`);
    }),
  },
  {
    name: "finds its own variables and arguments, and none of ours",
    run: () => inCell({ serverEnv: { TOKEN: "its-own-secret", NODE_OPTIONS: "--no-deprecation" }, env: { OFFSTAGE_CANARY: "ours" } }, async (cell) => {
      const env = (await cell.run("return process.env;")) as Readonly<Record<string, string>>;
      assert.deepEqual([env["TOKEN"], env["NODE_OPTIONS"], env["HOME"], env["OFFSTAGE_CANARY"]], ["its-own-secret", "--no-deprecation", cell.home, undefined]);
      // Nobody on this machine reads a secret of it from a command line.
      assert.equal(cell.processes().map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8")).join().includes("its-own-secret"), false);
    }),
  },
  {
    name: "starts programs, which are in the sandbox too and end with it, however they hide",
    run: () => inCell({}, async (cell) => {
      const inner = JSON.stringify(`require("node:fs").writeFileSync(process.argv[1] + "/data/child", "x"); try { require("node:fs").readFileSync(process.argv[1] + "/../.netrc"); require("node:fs").writeFileSync(process.argv[1] + "/data/escaped", "x"); } catch {} process.on("SIGTERM", () => {}); process.on("SIGHUP", () => {}); setInterval(() => {}, 1000);`);
      await cell.run(`const { spawn } = await import("node:child_process"); const { existsSync } = await import("node:fs"); spawn("setsid", [process.execPath, "-e", ${inner}, ${JSON.stringify(cell.folder)}], { detached: true, stdio: "ignore" }).unref(); process.on("SIGTERM", () => {}); process.stdin.on("end", () => {}); setInterval(() => {}, 1000); while (!existsSync(${JSON.stringify(join(cell.folder, "data/child"))})) await new Promise((resolve) => setTimeout(resolve, 20)); return "started";`);
      assert.equal(existsSync(join(cell.folder, "data/escaped")), false);
      assert.ok(cell.processes().length > 0);
    }),
  },
  {
    name: "ends when the process that started it is killed, whatever it ignores",
    run: async () => {
      const owner = spawn(process.execPath, ["--conditions=offstage-src", "--disable-warning=ExperimentalWarning", join(import.meta.dirname, "owner.ts")], { stdio: ["ignore", "pipe", "inherit"] });
      const home = await new Promise<string>((resolve) => owner.stdout.once("data", (told: Buffer) => resolve(String(told))));
      try {
        assert.ok(processesOf(home).length > 0);
        owner.kill("SIGKILL");
        while (processesOf(home).length > 0) await pause();
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    },
  },
  {
    name: "ends with its launcher, is told to have ended, and is started anew in a sandbox",
    run: () => inCell({}, async (cell) => {
      await cell.run("setInterval(() => {}, 1000); return 1;");
      const before = cell.processes();
      for (const pid of launchers()) process.kill(pid, "SIGKILL");
      while (cell.processes().some((pid) => before.includes(pid))) await pause();
      // The first calls may meet its end.
      const again = async (): Promise<unknown> => cell.run("return 2;").catch(async () => pause().then(again));
      assert.equal(await again(), 2);
      failed(await cell.run(read(join(cell.home, ".netrc"))));
    }),
  },
  {
    name: "may not be given what decides over servers: a file that it makes where it may write is no config",
    run: () => inCell({}, async (cell) => {
      writeFileSync(join(cell.folder, "mcp.json"), "{}");
      failed(await cell.run(write(join(cell.folder, "mcp.json"))));
      assert.throws(() => sandboxOf(cell, { write: ["."] }), /may not let it write/);
    }),
  },
  {
    name: "reads no secret of the project that comes while it runs, or is replaced then, nor the log of a store",
    run: () => inCell({}, async (cell) => {
      assert.equal(await cell.run(read(join(cell.folder, "notes.md"))), "hunter2-hunter2");
      const late = [".env", ".env.local", "root.db", "root.db-wal", "state/store.db", "state/store.db-wal", ".offstage/store.db"].map((path) => join(cell.folder, path));
      for (const path of late) {
        writeFileSync(`${path}.new`, "hunter2-later");
        renameSync(`${path}.new`, path);
      }
      for (const path of late) failed(await cell.run(read(path)));
      // It is told that nothing stays there, if it heeds permissions: root in a sandbox need not.
      for (const path of ["", "state"]) assert.equal(await cell.run(`const { statSync } = await import("node:fs"); return statSync(${JSON.stringify(join(cell.folder, path))}).mode & 0o222;`), 0);
    }),
  },
  {
    name: "reads no setting of the system that is not for everybody when it comes while it runs, or is replaced then, as a password's file is",
    run: () => inCell({}, async (cell) => {
      const [open, shut, late] = ["hosts", "shadow", "gshadow"].map((name) => join(cell.home, "settings", name)) as [string, string, string];
      assert.equal(await cell.run(read(open)), "hunter2-hunter2");
      failed(await cell.run(read(shut)));
      writeFileSync(`${shut}+`, "hunter2-later", { mode: 0o600 });
      renameSync(`${shut}+`, shut);
      writeFileSync(late, "hunter2-later", { mode: 0o600 });
      for (const path of [shut, late]) failed(await cell.run(read(path)));
    }),
  },
  {
    name: "reads through the links of the project what it may read without them, and nothing else",
    run: () => inCell({}, async (cell) => {
      for (const [path, target] of [["inner.md", "notes.md"], ["keys", join(cell.home, ".ssh")], ["env", ".env"], ["sp ace'", "notes.md"]] as const) symlinkSync(target, join(cell.folder, path));
      for (const path of ["inner.md", "sp ace'"]) assert.equal(await cell.run(read(join(cell.folder, path))), "hunter2-hunter2");
      for (const path of ["keys/id_ed25519", "env"]) failed(await cell.run(read(join(cell.folder, path))));
    }),
  },
  {
    name: "gives no other one the project, or reads of the home, by a link that it leaves where both may be",
    run: async () => {
      const entry = { command: process.execPath, args: ["--disable-warning=ExperimentalWarning", SERVER] };
      const project = createTestProject({ "mcp.json": JSON.stringify({ mcpServers: { s: entry, b: entry } }), "data/in/x": "x", "shared/sub/x": "x" });
      try {
        const outside = join(project.folder, "..", "offstage-secret");
        const sandboxes = (s: string, b: string): void => project.write("offstage.yaml", `servers: { s: { sandbox: { write: [${s}], read: [${JSON.stringify(ROOT)}] } }, b: { sandbox: { ${b.replace("[", `[${JSON.stringify(ROOT)}, `)} } } }\n`);
        const told = async (server: string, code: string): Promise<string> => {
          const { out, err } = await project.run("call", `${server}.run`, "--yes", "--args", JSON.stringify({ code }));
          return out + err;
        };
        const link = (path: string, to: string): string => `const { rmSync, symlinkSync } = await import("node:fs"); rmSync(${JSON.stringify(join(project.folder, path))}, { recursive: true }); symlinkSync(${JSON.stringify(to)}, ${JSON.stringify(join(project.folder, path))}); return "linked";`;
        for (const [s, path, to, b] of [["shared", "shared/sub", project.folder, `read: [], write: [shared/sub]`], ["data", "data/in", outside, "read: [data/in]"]] as const) {
          sandboxes(s, "read: []");
          assert.match(await told("s", link(path, to)), /linked/);
          sandboxes(s, b);
          assert.match(await told("b", write(join(project.folder, "workflows/evil.ts"))), /CONFIG_INVALID/);
          // Nor later, when s may no more: its link stands.
          sandboxes("", b);
          assert.match(await told("b", "return 'started';"), /CONFIG_INVALID.*(?:link to|leads to|is there)/s);
        }
        assert.equal(existsSync(join(project.folder, "workflows/evil.ts")), false);
      } finally {
        project.remove();
      }
    },
  },
  {
    name: "is what `sandbox: true` in offstage.yaml makes of a server that `offstage call` starts, and `sandbox: false` does not",
    run: async () => {
      const project = createTestProject({ "secret": "hunter2-hunter2-in-the-project", ".env": "TOKEN=hunter2-hunter2" });
      try {
        project.write("mcp.json", JSON.stringify({ mcpServers: { hostile: { command: process.execPath, args: ["--disable-warning=ExperimentalWarning", SERVER], env: { KEY: "${file:secret}" } } } }));
        const said = async (path: string): Promise<string> => {
          const { out, err } = await project.run("call", "hostile.run", "--yes", "--args", JSON.stringify({ code: `const { statSync, readFileSync } = await import("node:fs"); readFileSync(${JSON.stringify(join(project.folder, path))}); return "open";` }));
          return out + err;
        };
        for (const path of ["secret", ".env"]) {
          project.write("offstage.yaml", `servers: { hostile: { sandbox: { read: [${JSON.stringify(ROOT)}] } } }\n`);
          assert.match(await said(path), /failed.*(?:ENOENT|EACCES|EPERM)/);
          project.write("offstage.yaml", "servers: { hostile: { sandbox: false } }\n");
          assert.match(await said(path), /open/);
        }
      } finally {
        project.remove();
      }
    },
  },
  {
    name: "reaches the hosts of its profile too, called and in runs, and no other one",
    run: () => listen((port, asked) => listen(async (other) => {
      const project = createTestProject({
        "mcp.json": JSON.stringify({ mcpServers: { hostile: { command: process.execPath, args: ["--disable-warning=ExperimentalWarning", SERVER] } } }),
        "offstage.yaml": `servers: { hostile: { sandbox: { read: [${JSON.stringify(ROOT)}] } } }\npolicy: { classes: [{ server: hostile, tool: run, effect: read }] }\n`,
        "workflows/reach.ts": 'import { workflow } from "offstage";\nimport { hostile } from "#servers";\nexport default workflow({ name: "reach", on: [], inputs: { code: "" } }, async ({ inputs }) => await hostile.run({ code: inputs.code }));\n',
      });
      try {
        const told = async (...argv: readonly string[]): Promise<string> => {
          const { out, err } = await project.run(...argv);
          return out + err;
        };
        const called = (at: number): Promise<string> => told("call", "hostile.run", "--args", JSON.stringify({ code: get(`http://localhost:${at}/x`) }));
        const ran = (at: number): Promise<string> => told("run", "reach", "--input", `code=${get(`http://localhost:${at}/x`)}`);
        await project.run("lock");
        for (const reach of [called, ran]) assert.doesNotMatch(await reach(port), /200 hello/);
        project.write("profiles/hostile.ts", `import { profile } from "offstage";\nexport default profile("hostile", {}, { hosts: ["localhost:${port}"] });\n`);
        for (const reach of [called, ran]) {
          assert.match(await reach(port), /200 hello/);
          assert.doesNotMatch(await reach(other), /200 hello/);
        }
        assert.deepEqual(asked, ["/x", "/x"]);
        assert.match(await told("servers"), new RegExp(`in a sandbox: .* reaches localhost:${port} \\(by its profile\\)`));
      } finally {
        project.remove();
      }
    })),
  },
];
