import { expect, test } from "vitest";
import { compileText, moduleOf } from "../compile.suite.ts";

const WRITE = `jira.jira_issues({ action: "create" })`;
const READ = `github.list_issues({ owner: "a", repo: "b" })`;

function faults(write: string, top = ""): readonly string[] {
  return compileText(moduleOf(`await once("k", ${write});`, top)).diagnostics.map(({ code }) => code).filter((code) => code !== "TOOL_UNREACHABLE");
}

test.each([
  `() => ${WRITE}`,
  `async () => { const list = await ${READ}; return list.length > 0 ? ${WRITE} : ${WRITE}; }`,
  `async () => { if (inputs.flag) return ${WRITE}; return ${WRITE}; }`,
  `async () => { if (!inputs.flag) throw fail("no"); return ${WRITE}; }`,
  `async () => { const first = (await ${READ}).at(0) ?? fail("none"); log(first); return await ${WRITE}; }`,
  `async () => { const made = await ${WRITE}; for (const x of [1]) log(x); return { key: made.key }; }`,
  `async () => { for (const x of [1]) { const y = [x].map((z) => z); if (y.length > 1) break; } return ${WRITE}; }`,
  `async () => { { await ${WRITE}; } }`,
  `async () => [await ${WRITE}, 1].length`,
  `async () => ({ made: (await ${WRITE}).key, text: "x" })`,
])("exactly one write: %s", (write) => {
  expect(faults(write)).toEqual([]);
});

test.each([
  `async () => 1`,
  `async () => { await ${WRITE}; await ${WRITE}; }`,
  `async () => { if (inputs.flag) await ${WRITE}; }`,
  `async () => { if (inputs.flag) return; await ${WRITE}; }`,
  `async () => inputs.flag && (await ${WRITE}) !== null`,
  `async () => { try { await ${WRITE}; } catch { await ${WRITE}; } }`,
  `async () => { try { await ${WRITE}; } catch { return; } }`,
  `async () => [await ${WRITE}, await ${WRITE}].length`,
  `async () => { for (const x of [1]) { await ${WRITE}; log(x); } }`,
  `async () => { for (const x of [1]) { log(x, await ${READ}); } return ${WRITE}; }`,
  `async () => { await keep.set(1); await once.perRun(() => ${WRITE}); }`,
])("not exactly one write: %s", (write) => {
  expect(faults(write, `const keep = state("keep", 0);`)).toContain("ONE_WRITE");
});

test("writes are counted through helpers", () => {
  const helpers = `const one = () => ${WRITE}; const two = async () => { await one(); return one(); }; const none = async () => (await ${READ}).length;`;
  expect(faults("one", helpers)).toEqual([]);
  expect(faults("two", helpers)).toContain("ONE_WRITE");
  expect(faults("none", helpers)).toContain("ONE_WRITE");
  expect(faults("async () => { await none(); return one(); }", helpers)).toEqual([]);
});

test("a helper writes where it is called, not where it is declared", () => {
  const codes = (body: string): readonly string[] => compileText(moduleOf(body, "", `[every("10m")]`)).diagnostics.map(({ code }) => code);
  const outer = `const create = async () => { const write = () => ${WRITE}; return (await write()).key; };`;
  expect(codes(`${outer} await once("k", create);`)).toEqual([]);
  expect(codes(`${outer} await once("k", () => create());`)).toEqual([]);
  expect(codes(`${outer} await create();`)).toEqual(["WRITE_WITHOUT_IDENTITY"]);
  expect(codes(`${outer} await once("k", create); await create();`)).toEqual(["WRITE_WITHOUT_IDENTITY"]);
});
