import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createTestProject } from "../../apps/offstage/src/testing/command-line.ts";
import type { Case } from "./cases.ts";

/** An MCP server of Python's own library, as a module of an environment: says which environment it runs in, and reads a file. */
const SERVER = `import json, sys
def main():
    for line in sys.stdin:
        asked = json.loads(line)
        if "id" not in asked: continue
        method = asked["method"]
        if method == "initialize": result = {"protocolVersion": asked["params"]["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": {"name": "python", "version": "1"}}
        elif method == "tools/list": result = {"tools": [{"name": "look", "inputSchema": {"type": "object"}}]}
        elif method == "tools/call":
            try: text = open(asked["params"]["arguments"]["path"]).read()
            except OSError as error: text = type(error).__name__
            result = {"content": [{"type": "text", "text": json.dumps({"prefix": sys.prefix, "base": sys.base_prefix, "read": text})}]}
        else: result = None
        print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], **({"result": result} if result else {"error": {"code": -32601, "message": "none"}})}), flush=True)
if __name__ == "__main__": main()
`;

/** Of Debian: its library can be read in every sandbox, so that a link to it leads somewhere. */
export const SYSTEM_PYTHON = "/usr/bin/python3";

/** A Python where no path leads: a copy of the interpreter in a folder of its own, which finds its library only if that folder can be read. */
function installPython(base: string): string {
  const [program = "", library = ""] = execFileSync(SYSTEM_PYTHON, ["-c", "import os, sys, sysconfig; print(os.path.realpath(sys.executable)); print(os.path.realpath(sysconfig.get_path('stdlib')))"], { encoding: "utf8" }).trim().split("\n");
  for (const folder of ["bin", "lib"]) mkdirSync(join(base, folder), { recursive: true });
  copyFileSync(program, join(base, "bin/python3"));
  chmodSync(join(base, "bin/python3"), 0o755);
  symlinkSync(library, join(base, "lib", basename(library)));
  return join(base, "bin/python3");
}

/** An environment with the server in it; answers with the script that starts it. */
function makeEnvironment(python: string, environment: string, how: "--symlinks" | "--copies"): string {
  execFileSync(python, ["-m", "venv", "--without-pip", how, environment]);
  const packages = join(environment, "lib", readdirSync(join(environment, "lib"))[0] ?? "", "site-packages");
  writeFileSync(join(packages, "its_server.py"), SERVER);
  const script = join(environment, "bin/its-server");
  writeFileSync(script, `#!${join(environment, "bin/python")}\nfrom its_server import main\nmain()\n`);
  chmodSync(script, 0o755);
  return script;
}

async function startsFrom(how: "--symlinks" | "--copies"): Promise<void> {
  const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), "offstage-python-")));
  const project = createTestProject({ "offstage.yaml": "servers: { script: { sandbox: true }, module: { sandbox: true } }\n" });
  try {
    const environment = join(elsewhere, "environment");
    const command = makeEnvironment(installPython(join(elsewhere, "base")), environment, how);
    writeFileSync(join(environment, "secret"), "hunter2-hunter2");
    project.write("mcp.json", JSON.stringify({ mcpServers: { script: { command }, module: { command: join(environment, "bin/python"), args: ["-m", "its_server"] } } }));
    for (const server of ["script", "module"]) {
      const { code, out, err } = await project.run("call", `${server}.look`, "--yes", "--args", JSON.stringify({ path: join(environment, "secret") }));
      assert.equal(code, 0, err);
      assert.deepEqual(JSON.parse(out), { prefix: environment, base: join(elsewhere, "base"), read: "FileNotFoundError" });
    }
  } finally {
    project.remove();
    rmSync(elsewhere, { recursive: true, force: true });
  }
}

/** Programs whose interpreter is another installation's. */
export const PYTHON_CASES: readonly Case[] = [
  { name: "is the program of a Python environment elsewhere, whose interpreter is a link to another installation", run: () => startsFrom("--symlinks") },
  { name: "is the program of a Python environment elsewhere, whose interpreter is a copy, as its pyvenv.cfg says", run: () => startsFrom("--copies") },
];
