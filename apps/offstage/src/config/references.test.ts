import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createRedactor, isOffstageError } from "offstage/base";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DeclaredInput } from "./inputs.ts";
import { resolveReferences, type Sources } from "./references.ts";
import { createRunForSecret } from "./run-for-secret.ts";
import { soundsSecret } from "./secret-names.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "offstage-references-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const ENV = { HOME: "/home/ada", SITE: "https://acme.example", EMPTY: "", API_TOKEN: "tok-0123456789", PATH: process.env["PATH"] };

function resolve(text: string, more: Partial<Sources> = {}) {
  const places = { env: ENV, folder, ...more };
  return resolveReferences(text, { isSecret: soundsSecret, inputs: { declared: new Map(), values: {} }, run: createRunForSecret(places, createRedactor()), ...places }, "here");
}

function fault(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return isOffstageError(error) ? `${error.code} ${error.message} ${error.hint ?? ""}` : String(error);
  }
  return "nothing was thrown";
}

/** A program of a few words for `${exec:…}`. */
function node(script: string, ...args: readonly string[]): string {
  writeFileSync(join(folder, "say.mjs"), script);
  return `\${exec:'${process.execPath}' say.mjs ${args.join(" ")}}`;
}

test.each([
  ["${SITE}/x", "https://acme.example/x"],
  ["${env:SITE}", "https://acme.example"],
  ["${env:NONE:-http://a:1/x}", "http://a:1/x"],
  ["${NONE:-}|${EMPTY:-b}|${SITE:-c}", "|b|https://acme.example"],
  ["${userHome}${pathSeparator}x${/}y", "/home/ada/x/y"],
  ["no $reference {at} all ${", "no $reference {at} all ${"],
])("%s is %s", (text, value) => {
  expect(resolve(text)).toMatchObject({ value, secrets: [] });
});

test("the project's folder is known by its name where a site is told", () => {
  expect(resolve("${workspaceFolder}/a ${workspaceFolderBasename}")).toEqual({ value: `${folder}/a ${basename(folder)}`, shown: "${workspaceFolder}/a ${workspaceFolderBasename}", secrets: [] });
});

test.each(["${env:}", "${}", "${a-b}", "${config:x}", "${file:}", "${exec:}", "${exec:op 'read}", "${secret:../x}", "${secret:}", "${input:}", "${A:-${B}}", "${exec:op ${B}}"])("%s is no reference, and is said to be none", (text) => {
  expect(fault(() => resolve(text))).toMatch(/^CONFIG_INVALID here: .* is not a reference that Offstage knows/);
});

test("a default is no secret, whatever its variable is called; the variable is", () => {
  expect(resolve("${env:OTHER_TOKEN:-none}").secrets).toEqual([]);
  expect(resolve("${API_TOKEN:-none}").secrets).toEqual([{ name: "API_TOKEN", value: "tok-0123456789" }]);
});

test.each(["constructor", "toString"])("a variable that nobody set is not there, although every object has a %s", (name) => {
  for (const text of [`\${env:${name}}`, `\${secret:${name}}`]) expect(fault(() => resolve(text))).toContain("SECRET_MISSING here:");
  expect(resolve(`\${env:${name}:-b}`).value).toBe("b");
});

test("${secret:X} is a variable, or a file where services find theirs, and a secret whatever it is called", () => {
  mkdirSync(join(folder, "credentials"));
  writeFileSync(join(folder, "credentials/where"), "from-systemd\n");
  expect(resolve("${secret:SITE}")).toMatchObject({ shown: "[SITE]", secrets: [{ name: "SITE", value: "https://acme.example" }] });
  expect(resolve("a ${secret:where}", { env: { CREDENTIALS_DIRECTORY: join(folder, "credentials") } })).toMatchObject({ value: "a from-systemd", secrets: [{ name: "where" }] });
  expect(fault(() => resolve("${secret:nowhere}"))).toContain("no file in /run/secrets");
});

test.each([
  ["UTF-16 with its mark", Buffer.from("\uFEFFswordfish-1234\r\n", "utf16le")],
  ["UTF-16 without one", Buffer.from("swordfish-1234", "utf16le")],
  ["Latin-1", Buffer.from("swordfish-\u00e9", "latin1")],
])("a file, or what a program prints, in %s is refused, and not told", (_what, bytes) => {
  writeFileSync(join(folder, "t"), bytes);
  const print = node("process.stdout.write(Buffer.from(process.argv[2], 'base64'));", bytes.toString("base64"));
  for (const text of ["${file:t}", "x ${file:t}", print]) {
    const said = fault(() => resolve(text));
    expect(said).toMatch(/^SECRET_MISSING here: .* UTF-8/);
    expect(said).not.toMatch(/swordfish|s\\x00w|s\0w/);
  }
});

test("the mark that editors of Windows put before UTF-8 is no part of a secret", () => {
  writeFileSync(join(folder, "t"), "\uFEFFswordfish-1234\r\n");
  expect(resolve("${file:t}").value).toBe("swordfish-1234");
});

test.each(["swordfish\0-1234", "${API_TOKEN}\0"])("a zero byte that stands in a value is refused, and the value not told (%j)", (text) => {
  const said = fault(() => resolve(text));
  expect(said).toMatch(/^CONFIG_INVALID here: there is a zero byte/);
  expect(said).not.toMatch(/swordfish|tok-/);
});

test("a program gets its words without a shell, and what it prints is a secret without its last line break", () => {
  const script = "process.stdout.write(process.argv.slice(2).join('|') + '\\n');";
  expect(resolve(node(script, `"two words"`, "'$HOME'", "a;b", `x"y z"`))).toEqual({ value: "two words|$HOME|a;b|xy z", shown: `[${basename(process.execPath)}]`, secrets: [{ name: basename(process.execPath), value: "two words|$HOME|a;b|xy z" }] });
});

test("a program runs once for all references that name it, also when it fails", () => {
  const run = createRunForSecret({ env: ENV, folder }, createRedactor());
  const script = "import { appendFileSync } from 'node:fs'; appendFileSync('ran', 'x'); console.error('token=abcdefgh and tok-0123456789'); if (process.argv[2] === 'fail') process.exit(3); console.log('from-a-vault');";
  const text = node(script);
  expect([resolve(`${text} ${text}`, { run }).value, resolve(text, { run }).value]).toEqual(["from-a-vault from-a-vault", "from-a-vault"]);
  const failing = node(script, "fail");
  expect([fault(() => resolve(failing, { run })), fault(() => resolve(failing, { run }))]).toEqual(Array(2).fill(expect.stringMatching(/^SECRET_MISSING here: node.* gave no secret: it ended with exit code 3. It says: token=\*\*\* and/)));
  expect(readFileSync(join(folder, "ran"), "utf8")).toBe("xx");
});

test.each([
  ["does not end", "setInterval(() => {}, 1000)", "it did not end within 0.3 s"],
  ["floods", "process.stdout.write('x'.repeat(1 << 20))", "it printed more than 65536 bytes"],
  ["prints nothing", "", "it printed nothing"],
])("a program that %s gives no secret, and holds nobody up", (_what, script, why) => {
  const timeoutMs = why.includes("0.3 s") ? 300 : 30_000;
  const run = createRunForSecret({ env: ENV, folder }, createRedactor(), timeoutMs);
  expect(fault(() => resolve(node(script), { run }))).toContain(why);
  expect(fault(() => resolve("${exec:no-such-program}"))).toContain("there is no such program");
});

test.runIf(process.platform === "linux")("a program that does not end is ended with its children, which take no SIGTERM; a daemon of it stays", async () => {
  writeFileSync(join(folder, "hang.sh"), "trap '' TERM\nsleep 60 &\nchild=$!\nsetsid sleep 60 &\necho $child $! > pids\nwait\n");
  expect(fault(() => resolve("${exec:sh hang.sh}", { run: createRunForSecret({ env: ENV, folder }, createRedactor(), 500) }))).toContain("it did not end within 0.5 s");
  const [child = 0, daemon = 0] = readFileSync(join(folder, "pids"), "utf8").split(" ").map(Number);
  await expect.poll(() => isRunning(child)).toBe(false);
  expect(isRunning(daemon)).toBe(true);
  process.kill(daemon, "SIGKILL");
});

/** A killed process that nobody has asked about yet is none. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

test("an input is what offstage.yaml says, hidden when VS Code would hide it, and one of its choices", () => {
  const declared = new Map<string, DeclaredInput>([["token", { id: "token", type: "promptString", password: true }], ["site", { id: "site", type: "pickString", options: ["eu", "us"] }], ["cmd", { id: "cmd", type: "command" }]]);
  const inputs = { declared, values: { token: "${env:SITE}", site: "eu", undeclared: "${API_TOKEN}" } };
  expect(resolve("${input:token}", { inputs })).toMatchObject({ value: "https://acme.example", secrets: [{ name: "token" }] });
  expect(resolve("${input:site}", { inputs })).toEqual({ value: "eu", shown: "eu", secrets: [] });
  expect(resolve("${input:undeclared}", { inputs }).secrets).toHaveLength(1);
  expect(fault(() => resolve("${input:site}", { inputs: { declared, values: { site: "mars" } } }))).toMatch(/CONFIG_INVALID .* none of its choices. It has to be one of: eu, us/);
  expect(fault(() => resolve("${input:cmd}", { inputs }))).toContain("VS Code runs a command of an extension for it");
  expect(fault(() => resolve("${input:github-token}", { inputs }))).toContain('inputs: { "github-token": "${env:GITHUB_TOKEN}" }');
  expect(fault(() => resolve("${input:a}", { inputs: { declared, values: { a: "${input:b}", b: "x" } } }))).toContain("the input b has no value");
});
