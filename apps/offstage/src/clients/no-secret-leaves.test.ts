import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createTestProject } from "../testing/command-line.ts";

// Canaries in every place of every client's config: none may be in a file of the project, or in anything that is printed.

/** What nobody would call a secret by its looks: it stands where a name says so. */
const named = fc.stringMatching(/^zq[a-z]{6}-[a-z]{4}$/);
/** What looks like one, wherever it stands. */
const shaped = fc.oneof(
  fc.array(fc.tuple(fc.constantFrom("a", "Zb", "Q", "xyz"), fc.nat(99)), { minLength: 8, maxLength: 14 }).map((parts) => parts.flat().join("")),
  fc.stringMatching(/^gh[ps]_[A-Za-z0-9]{20}4[A-Za-z0-9]{15}$/),
  fc.uuid(),
  fc.stringMatching(/^[A-Za-z0-9+/]{20}[0-9a-f]{4}\+[A-Za-z0-9/]{14}==$/),
);

type Members = Readonly<Record<string, unknown>>;
/** A part of an entry, and the canaries in it. */
interface Planted {
  readonly part: Members;
  readonly canaries: readonly string[];
}

const secretName = fc.constantFrom("API_KEY", "GITHUB_TOKEN", "DB_PASSWORD", "sessionCookie", "OPENAI_KEY", "X_AUTH", "DATABASE_DSN", "SMTP_PW", "PASSCODE", "OTP_SEED");
const innocent = fc.constantFrom("FOO", "PLACE", "ORG", "URL");
const flag = fc.constantFrom("--api-key", "--token", "-password", "--client-secret");

/** Ways to write one canary into the arguments. */
const inArguments = fc.oneof(
  fc.tuple(fc.oneof(named, shaped), flag).map(([canary, name]) => ({ canary, args: [name, canary] })),
  fc.tuple(fc.oneof(named, shaped), flag).map(([canary, name]) => ({ canary, args: [`${name}=${canary}`] })),
  fc.tuple(named, secretName).map(([canary, name]) => ({ canary, args: ["-e", `${name}=${canary}`] })),
  fc.tuple(named, fc.constantFrom("Authorization: Bearer ", "X-Api-Key: ", "Authorization: ")).map(([canary, header]) => ({ canary, args: ["--header", header + canary] })),
  named.map((canary) => ({ canary, args: [`postgres://ada:${canary}@db.example/app`] })),
  named.map((canary) => ({ canary, args: [`--db=mysql://ada:${canary}@db.example/app`] })),
  named.map((canary) => ({ canary, args: [`{"apiKey": "${canary}", "x": 1}`] })),
  named.map((canary) => ({ canary, args: ["-c", `TOKEN=${canary} npx -y thing`] })),
  named.map((canary) => ({ canary, args: ["/c", `npx foo --token ${canary} --port 1`] })),
  named.map((canary) => ({ canary, args: ["-u", `ada:${canary}`] })),
  named.map((canary) => ({ canary, args: ["-p", canary] })),
  named.map((canary) => ({ canary, args: [`\${API_TOKEN:-${canary}}`] })),
  shaped.map((canary) => ({ canary, args: [canary] })),
  shaped.map((canary) => ({ canary, args: [`https://mcp.example/s/${canary}/mcp`] })),
  shaped.map((canary) => ({ canary, args: [`\${FOO:-${canary}}`] })),
  shaped.map((canary) => ({ canary, args: [`a \${FOO} ${canary}`] })),
).map(({ canary, args }): Planted => ({ part: { command: "npx", args: ["-y", "thing@1", ...args, "--verbose"] }, canaries: [canary] }));

const inVariables = fc.oneof(
  fc.tuple(secretName, named),
  fc.tuple(secretName, shaped),
  fc.tuple(innocent, shaped),
  named.map((canary) => ["LOGIN", `ada:${canary}`] as const),
  fc.tuple(innocent, named).map(([name, canary]) => [name, `https://ada:${canary}@h.example`] as const),
  fc.tuple(innocent, named).map(([name, canary]) => [name, `Server=h;Password=${canary};x=1`] as const),
).map(([name, value]): Planted => ({ part: { command: "npx", env: { [name]: value, LEVEL: "debug" } }, canaries: [/zq[a-z]{6}-[a-z]{4}/.exec(value)?.[0] ?? value] }));

const overHttp = fc.oneof(
  fc.tuple(named, fc.constantFrom("url", "serverUrl", "httpUrl")).map(([canary, field]) => ({ canary, part: { [field]: `https://h.example/mcp?api_key=${canary}` } })),
  shaped.map((canary) => ({ canary, part: { url: `https://h.example/${canary}/mcp` } })),
  fc.tuple(named, fc.constantFrom("Authorization", "X-Api-Key", "Cookie", "X-Functions-Code", "X-Session")).map(([canary, header]) => ({ canary, part: { url: "https://h.example", headers: { [header]: canary } } })),
  named.map((canary) => ({ canary, part: { url: "https://h.example", headers: { Authorization: `Bearer ${canary}` } } })),
  shaped.map((canary) => ({ canary, part: { url: "https://h.example", headers: { "X-Team": canary } } })),
).map(({ canary, part }): Planted => ({ part, canaries: [canary] }));

/** Where it does not belong at all. */
const misplaced = fc.tuple(shaped, fc.constantFrom<(canary: string) => Members>(
  (canary) => ({ command: canary }), (canary) => ({ command: "x", cwd: `/srv/${canary}` }), (canary) => ({ command: "x", envFile: canary }), (canary) => ({ command: "x", note: canary }), (canary) => ({ command: "x", env: [canary] }), (canary) => ({ command: [canary] }),
  (canary) => ({ command: "x", args: { a: canary } }), (canary) => ({ command: "x", env: { [canary.replace(/\W/g, "_")]: "1" } }), (canary) => ({ type: canary, url: "https://h.example" }), (canary) => ({ command: "x", args: [`\${${canary}}`] }), (canary) => ({ command: "x", args: [`\${exec:${canary}}`] }),
)).map(([canary, plant]): Planted => ({ part: plant(canary), canaries: [canary, canary.replace(/\W/g, "_")] }));

const entry = fc.oneof(inArguments, inVariables, overHttp, misplaced);
const entries = fc.array(fc.tuple(fc.oneof({ weight: 5, arbitrary: fc.constantFrom("github", "jira", "Data Base", "s1") }, { weight: 1, arbitrary: shaped.map((canary) => `my ${canary}`) }), entry), { minLength: 1, maxLength: 4 });

const CLIENTS: readonly (readonly [path: string, write: (servers: Members, canary: string) => string])[] = [
  [".cursor/mcp.json", (mcpServers) => JSON.stringify({ mcpServers })],
  [".config/Claude/claude_desktop_config.json", (mcpServers, canary) => `{ // ${canary}\n "mcpServers": ${JSON.stringify(mcpServers)}, "x": "${canary}", }`],
  [".claude.json", (mcpServers, canary) => JSON.stringify({ projects: { [`/home/${canary}`]: { mcpServers, history: [canary] } }, oauthToken: canary })],
  [".config/Code/User/mcp.json", (servers, canary) => JSON.stringify({ servers, inputs: [{ id: "a", type: "promptString", default: canary, description: canary }] })],
  [".gemini/settings.json", (mcpServers, canary) => `{ "apiKey": ${canary} ${JSON.stringify(mcpServers)}`],
  [".codex/config.toml", (servers, canary) => `# ${canary}\ntoken = "${canary}"\n${Object.entries(servers).map(([name, fields]) => `[mcp_servers.${JSON.stringify(name)}]\n${Object.entries(fields as Members).filter(([, value]) => typeof value === "string" || Array.isArray(value)).map(([key, value]) => `${key} = ${JSON.stringify(value)}`).join("\n")}\n`).join("")}`],
];

const everything = (folder: string): string => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile()).map((file) => file.name + readFileSync(join(file.parentPath, file.name), "utf8")).join("\n");

test("no secret of another client is written or printed, wherever it stands", async () => {
  const imported = { count: 0 };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...CLIENTS), entries, shaped, fc.constantFrom("all", "all", "all", "none"), async ([path, write], servers, extra, which) => {
      const home = mkdtempSync(join(tmpdir(), "offstage-home-"));
      const project = createTestProject({}, { HOME: home });
      try {
        mkdirSync(dirname(join(home, path)), { recursive: true });
        writeFileSync(join(home, path), write(Object.fromEntries(servers.map(([name, { part }]) => [name, part])), extra));
        const ends = [await project.run("init", "--import", which), await project.run("init"), await project.run("init", "--json"), await project.run("servers", "--no-such-option")];
        expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 2]);
        const seen = [everything(project.folder), ...ends.flatMap(({ out, err }) => [out, err])].join("\n");
        for (const canary of [extra, ...servers.flatMap(([name, { canaries }]) => [...canaries, ...(name.startsWith("my ") ? [name.slice(3)] : [])])]) expect(seen).not.toContain(canary);
        imported.count += Object.keys((JSON.parse(project.read("mcp.json")) as { mcpServers: object }).mcpServers).length;
      } finally {
        project.remove();
        rmSync(home, { recursive: true, force: true });
      }
    }),
    { numRuns: 30 },
  );
  // Or the canaries would be kept out by importing nothing.
  expect(imported.count).toBeGreaterThan(8);
});
