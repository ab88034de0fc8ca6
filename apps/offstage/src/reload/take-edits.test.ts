import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRedactor, OffstageError } from "offstage/base";
import { type ServedWorkflow, serveWorkflow } from "offstage/host";
import type { Program } from "offstage/program";
import { EMPTY_LOCK, NOTHING_LEARNT } from "offstage/tools";
import { afterEach, beforeEach, expect, test } from "vitest";
import { programOf } from "../../../../packages/runtime/src/testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../../../../packages/runtime/src/testing/host-world.ts";
import { parseSettings, type Settings } from "../config/settings.ts";
import { reloadLine } from "../output/reload-lines.ts";
import { createGround } from "../project/ground.ts";
import type { ProjectSet } from "./project-set.ts";
import { createEdits, type Standing } from "./take-edits.ts";
import { contentsOf } from "./watched-files.ts";

let folder: string;
let world: HostWorld;
let told: string[];
let standing: Standing;
let attempt: (asked: boolean) => Promise<boolean>;
/** What reading gives, or fails with. */
let read: () => Promise<ProjectSet>;

const source = (name: string, result: string, more = ""): string => `import { webhook, workflow } from "offstage";\nexport default workflow({ name: "${name}", ${more}on: [webhook("hub")] }, async () => ${result});`;
const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);

function settingsOf(text: string): Settings {
  const parsed = parseSettings(text, folder);
  if (!parsed.ok) throw new Error("These settings are good.");
  return parsed.settings;
}

function setOf(programs: readonly Program[], text = ""): ProjectSet {
  const settings = settingsOf(text);
  return { settings, programs, ground: createGround(settings, { lock: EMPTY_LOCK, learnt: NOTHING_LEARNT, profiles: [], serverTypes: null, profilesHash: "" }, () => undefined) };
}

async function standingOf(programs: readonly Program[]): Promise<Standing> {
  const workflows: readonly ServedWorkflow[] = await Promise.all(programs.map((program) => serveWorkflow(program, { redactor: createRedactor() })));
  return { programs, workflows };
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "offstage-edits-"));
  mkdirSync(join(folder, "workflows"));
  write("workflows/a.ts", "1");
  [world, told] = [await createHostWorld(), []];
  const first = setOf([programOf(source("a", "1"))]);
  standing = await standingOf(first.programs);
  attempt = createEdits({
    project: { folder, settings: first.settings }, store: world.store, clock: world.clock, first, contents: await contentsOf(folder), stopping: new AbortController().signal,
    read: () => read(),
    prepare: (set) => standingOf(set.programs),
    stand(_, made) {
      const before = standing;
      standing = made;
      return before;
    },
    news: (news) => void told.push(news.kind === "listening" ? `serving ${news.workflow}` : reloadLine(news)),
  });
});
afterEach(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

test("what checks takes the place of what was served, as a whole, and it is said what is new, changed and gone", async () => {
  const [a, b] = [programOf(source("a", "2")), programOf(source("b", "1"))];
  read = async () => setOf([a, b]);
  write("workflows/a.ts", "2");
  expect(await attempt(false)).toBe(true);
  expect(standing.programs).toEqual([a, b]);
  expect(told.splice(0)).toEqual(["reloaded workflows/a.ts; new: b; changed: a", "serving a", "serving b"]);
  await world.store.transact({ durable: true }, (tx) => tx.addArrival({ workflow: "a", trigger: "webhook:hub", id: "1", event: { kind: "webhook", source: "hub", headers: {}, body: null }, dueAt: 0, key: "", overlap: "queue", sweep: false, each: true, arrivedAt: 0, status: "waiting", runId: null, why: null }));
  read = async () => setOf([b]);
  rmSync(join(folder, "workflows/a.ts"));
  await attempt(false);
  expect(told).toEqual(["reloaded workflows/a.ts; gone: a; 1 event waits for a until it listens again"]);
});

test("what does not check leaves what was served, and it is said where and what is wrong; the mended one is taken", async () => {
  const before = standing;
  read = async () => Promise.reject(new OffstageError("SECRET_MISSING", "There is no TOKEN.", { hint: "Set it." }));
  write("workflows/a.ts", "2");
  expect(await attempt(false)).toBe(true);
  expect(standing).toBe(before);
  expect(told.splice(0)).toEqual(["kept     what ran before, since the edit cannot be taken: There is no TOKEN. Set it."]);
  read = async () => setOf([programOf(source("a", "2"))]);
  await attempt(true);
  expect(told).toEqual(["reloaded workflows/a.ts; changed: a", "serving a"]);
});

test("an edit that is undone is told of, since there is no trouble any more; nothing is said of a file that was only touched", async () => {
  read = async () => Promise.reject(new OffstageError("SECRET_MISSING", "There is no TOKEN."));
  write("workflows/a.ts", "2");
  await attempt(false);
  write("workflows/a.ts", "1");
  await attempt(false);
  await attempt(false);
  await attempt(true);
  expect(told).toEqual(["kept     what ran before, since the edit cannot be taken: There is no TOKEN.", "reloaded nothing: all files are as they were", "reloaded nothing: all files are as they were"]);
});

test("files that change while they are read are neither taken nor complained of: they are looked at again", async () => {
  const before = standing;
  write("workflows/a.ts", "2");
  read = async () => {
    write("workflows/a.ts", "22");
    return setOf([programOf(source("a", "2"))]);
  };
  expect(await attempt(false)).toBe(false);
  read = async () => {
    write("workflows/a.ts", "222");
    return Promise.reject(new OffstageError("COMPILE_FAILED", "They changed."));
  };
  expect(await attempt(false)).toBe(false);
  expect([standing, told]).toEqual([before, []]);
});

test("what needs a restart is named, once, and also where the edit cannot be taken for want of it", async () => {
  read = async () => setOf(standing.programs, 'serve: { listen: "127.0.0.1:1" }\nservers: { jira: { timeout: 9s } }\npolicy: { rules: [{ verdict: deny }] }\napprovals: { fourEyes: true }\n');
  write("offstage.yaml", "1");
  await attempt(false);
  write("offstage.yaml", "2");
  await attempt(false);
  expect(told.splice(0)).toEqual(["reloaded offstage.yaml", "restart  `servers`, `serve` of offstage.yaml changed: this process goes on as it began, a restart takes that", "reloaded offstage.yaml"]);
  read = async () => Promise.reject(new OffstageError("SERVER_UNKNOWN", "mcp.json has no jira."));
  write("mcp.json", "{}");
  await attempt(false);
  expect(told).toEqual(["kept     what ran before, since the edit cannot be taken: mcp.json has no jira.", "restart  mcp.json changed: this process goes on as it began, a restart takes that"]);
});

test("own code is loaded once: an edit of it takes a restart, which is said, and what lies beside it is taken", async () => {
  mkdirSync(join(folder, "workflows/own"));
  write("workflows/own/text.ts", "1");
  const calling = programOf(`import { workflow } from "offstage";\nimport { slug } from "./own/text.ts";\nexport default workflow({ name: "a", description: "", on: [] }, async () => slug("a"));`, "checked", { "own/text": "export const slug = async (text: string): Promise<string> => text;" });
  read = async () => setOf([calling]);
  await attempt(false);
  expect(told.splice(0)).toEqual(["restart  workflows/own/text.ts, which Node loads once, changed: this process goes on as it began, a restart takes that"]);
  write("workflows/own/text.ts", "2");
  write("workflows/a.ts", "2");
  await attempt(false);
  expect(told).toEqual(["reloaded workflows/a.ts"]);
});
