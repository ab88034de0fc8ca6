import { join } from "node:path";
import { expect, test } from "vitest";
import { type Import, readSources, type SourceFile } from "./house/import-graph.ts";
import { ROOMS } from "./house/rooms.ts";
import * as rules from "./house/rules.ts";

const ROOT = join(import.meta.dirname, "..");
const SOURCES = readSources(ROOT, ["packages/runtime/src", "apps/offstage/src", "scripts", "demo", "conformance"]);

test.each(Object.entries(rules))("the house keeps its rule: %s", (_name, rule) => {
  expect(rule(SOURCES)).toEqual([]);
});

test("the table of rooms has no arrow that goes up or sideways", () => {
  const wrong = Object.entries(ROOMS).flatMap(([name, room]) => room.imports.filter((other) => (ROOMS[other]?.level ?? Infinity) >= room.level).map((other) => `${name} → ${other}`));
  expect(wrong).toEqual([]);
});

// The rules themselves: each must be able to fail, and must name the file.

function file(path: string, imports: readonly Import[] = [], text = ""): SourceFile {
  return { path, lines: text.split("\n").length, text, imports };
}

function to(target: string): Import {
  return { specifier: `../${target.split("/").slice(-2).join("/")}`, target: `packages/runtime/src/${target}` };
}

const inRoom = (path: string, ...imports: readonly Import[]): SourceFile => file(`packages/runtime/src/${path}`, imports);

test.each([
  ["an arrow up", rules.arrowsGoDown, [inRoom("gate/decide.ts", to("engine/index.ts"))], "gate/decide.ts: imports ../engine/index.ts; the room gate (level 2) may import only model, base"],
  ["rooms of one level that meet", rules.arrowsGoDown, [inRoom("stores/sqlite/a.ts", to("stores/postgres/index.ts"))], "may import only sql, state"],
  ["testing/ outside tests", rules.arrowsGoDown, [inRoom("gate/decide.ts", to("testing/fake-clock.ts"))], "only tests import testing/"],
  ["a room that nobody knows", rules.arrowsGoDown, [inRoom("cellar/a.ts", to("base/index.ts"))], "the room cellar, which"],
  ["a room's private file", rules.roomsByTheirIndex, [inRoom("gate/decide.ts", to("model/plan.ts"))], "import the room model through its index.ts"],
  ["a room without a face", rules.indexesNameWhatTheyExport, [inRoom("gate/decide.ts")], "packages/runtime/src/gate: has no index.ts"],
  ["export *", rules.indexesNameWhatTheyExport, [file("packages/runtime/src/gate/index.ts", [], 'export * from "./decide.ts";')], "gate/index.ts: exports *"],
  ["a package outside its facade", rules.packagesHaveOwners, [inRoom("engine/a.ts", { specifier: "typescript", target: null })], "belongs to language"],
  ["a node module, two steps away", rules.browserSafeRooms, [inRoom("model/a.ts", to("base/index.ts")), inRoom("base/index.ts", { specifier: "node:fs", target: null })], "model/a.ts: reaches node:fs through packages/runtime/src/base/index.ts"],
  ["a package that few need, loaded with a command", rules.rareThingsAreLoadedLate, [file("apps/offstage/src/commands/run.ts", [{ ...to("stores/postgres/index.ts"), eager: true }]), inRoom("stores/postgres/index.ts", { specifier: "pg", target: null, eager: true })], "commands/run.ts: loads pg through packages/runtime/src/stores/postgres/index.ts"],
  ["an adapter, loaded by check", rules.rareThingsAreLoadedLate, [file("apps/offstage/src/commands/check.ts", [{ ...to("telemetry/index.ts"), eager: true }])], "commands/check.ts: loads packages/runtime/src/telemetry/index.ts"],
  ["what reaches servers, loaded by who looks at the store", rules.rareThingsAreLoadedLate, [file("apps/offstage/src/commands/runs.ts", [{ ...to("mcp/index.ts"), eager: true }])], "commands/runs.ts: loads packages/runtime/src/mcp/index.ts"],
  ["a knot", rules.noKnots, [inRoom("gate/a.ts", to("gate/b.ts")), inRoom("gate/b.ts", to("gate/a.ts"))], "gate/a.ts: imports itself through packages/runtime/src/gate/b.ts"],
  ["a long file", rules.filesStaySmall, [file("scripts/a.ts", [], "\n".repeat(401))], "scripts/a.ts: has 402 lines; at most 400"],
  ["an empty name", rules.filesHaveNames, [file("scripts/utils.ts")], '"utils" says nothing'],
  ["camel case", rules.filesHaveNames, [file("scripts/runHost.ts")], "kebab-case"],
  ["a test that lies alone", rules.testsBesideCode, [file("apps/offstage/tests/a.test.ts")], "lies beside no code"],
  ["a second reader of the environment", rules.oneReaderOfTheEnvironment, [file("apps/offstage/src/main.ts", [], "process.env")], "only apps/offstage/src/config does"],
] as const)("%s is found and its file named", (_what, rule, files, message) => {
  expect(rule(files).join("\n")).toContain(message);
});
