import { expect, test } from "vitest";
import { bodyProgram } from "../testing/compile-source.ts";
import { flowOf } from "./flow.ts";
import type { FlowStep } from "./flow-step.ts";

const READS: readonly string[] = ["get", "list", "search", "lookup"];

/** Each step in one line, those inside below it; a sign for what writes. */
function drawn(body: string, top = ""): readonly string[] {
  const lines = (steps: readonly FlowStep[], indent: string): readonly string[] => steps.flatMap(({ words, writes, branches }) => [
    `${indent}${words}${writes ? " !" : ""}`,
    ...branches.flatMap((branch) => [...(branch.label === "" ? [] : [`${indent} ${branch.label}`]), ...lines(branch.steps, `${indent}  `)]),
  ]);
  return lines(flowOf(bodyProgram(body, top), (_, tool) => !READS.includes(tool)).steps, "");
}

test("a workflow is drawn in the words of its text, with what it calls and which of that writes", () => {
  const record = `const ticket = record("ticket", {
  identity: (pr: { readonly id: string }) => pr.id,
  find: (pr) => world.search.pages({ id: pr.id }),
  create: (pr) => world.create({ id: pr.id }),
  keep: (made) => ({ key: made.key }),
});`;
  expect(drawn(`
  const pulls = await world.list.pages({ state: "open" }, { max: 5 });
  const leaks = pulls.filter((pr) => /memory leak/i.test(pr.title));
  if (leaks.length > 3) await sleep("2d");
  else if (leaks.length === 0) return "none";
  await each(leaks, { key: (pr) => pr.id, onError: "continue" }, async (pr) => {
    await ticket.ensure({ id: pr.id });
    await once(\`c:\${pr.id}\`, () => world.comment({ id: pr.id, of: [1, 2] }));
  });
  return { leaks: leaks.length };`, record)).toEqual([
    "reads world.list { state: \"open\" }, page by page",
    "if leaks.length > 3",
    " then",
    "  waits for \"2d\"",
    " else",
    "  if leaks.length === 0",
    "   then",
    "    returns \"none\"",
    "for each of leaks, going on after one that fails",
    "  record ticket.ensure({ id: pr.id }): find world.search; create world.create !",
    "  once by the key `c:${pr.id}`: world.comment !",
    "returns { leaks: leaks.length }",
  ]);
});

test("helpers, branches, waits and loops are drawn where their steps are taken; what only computes is not", () => {
  expect(drawn(`
  const note = async (id: string) => { await world.get({ id }); };
  const double = (n: number) => n * 2;
  let sum = 0;
  for (const n of [1, 2]) sum += double(n);
  for (const one of await world.list({})) { if (one.old) continue; await note(one.id); }
  const seen = sum > 2 ? await world.get({ id: 1 }) : null;
  try { await parallel({ a: async () => { await world.get({ id: 2 }); }, b: async () => await fetchAll(1) }); } catch { throw fail("no"); }
  const { outcome } = await approve({ message: "Really?" });
  await waitFor(webhook("done"));
  return outcome;`, "const fetchAll = async (id: number) => { await world.lookup({ id }); };")).toEqual([
    "helper note",
    "  reads world.get",
    "reads world.list",
    "in turn, for each of world.list({})",
    "  if one.old",
    "   then",
    "    goes on with the next",
    "  helper note(one.id)",
    "if sum > 2",
    " then",
    "  reads world.get { id: 1 }",
    "tries",
    " try",
    "  side by side",
    "   a",
    "    reads world.get { id: 2 }",
    "   b",
    "    helper fetchAll",
    "      reads world.lookup",
    " catch",
    "  throws fail(\"no\")",
    "asks a person \"Really?\"",
    "waits for webhook done",
    "returns outcome",
  ]);
});

test("a condition is drawn that decides what later steps go over, though it takes none itself", () => {
  expect(drawn(`
  const notes: string[] = [];
  let last = "";
  for (const { id } of await world.list({})) {
    const { text } = await world.get({ id, kind: "file", deep: true, from: "${"far ".repeat(20)}" });
    if (/TODO/.test(text)) { notes.push(text); last = text; }
  }
  for (const n of [1, 2]) last = String(n);
  await each(notes, { key: (note) => note }, async (note) => { await once(note, () => world.comment({ note })); });
  return last;`)).toEqual([
    "reads world.list",
    "in turn, for each of world.list({})",
    `  reads world.get { kind: "file", deep: true, from: "${"far ".repeat(6)}fa… }`,
    "  if /TODO/.test(text)",
    "   then",
    "    keeps in notes, last",
    "for each of notes",
    "  once by the key note: world.comment !",
    "returns last",
  ]);
});

test("a helper is drawn where it is called first, however often and deeply it is called", () => {
  const helpers = ["const f0 = async () => { await world.get({}); };", ...Array.from({ length: 40 }, (_, n) => `const f${n + 1} = async () => { await f${n}(); await f${n}(); };`)].join("\n");
  const lines = drawn("await f40(); await once(\"k\", () => world.send({}));", helpers);
  expect(lines.length).toBeLessThan(120);
  expect(lines.slice(0, 2)).toEqual(["helper f40", "  helper f39"]);
  expect(lines.at(-1)).toBe('once by the key "k": world.send !');
});

test("what writes says so: in a helper of the body, page by page, as a run of its own, in a workflow that is called", () => {
  expect(drawn("const say = () => world.send({ a: 1 });\n  await once(\"k\", () => say());\n  const n = 1;\n  if (n > 0) return n > 5 ? \"many\" : \"some\";\n  return 0;")).toEqual(["helper say", "  writes by world.send { a: 1 } !", 'once by the key "k": world.send !', "if n > 0", " then", '  returns n > 5 ? "many" : "some"', "returns 0"]);
  expect(drawn('if (/[)]/.test("x") || /"/.test("y")) return 1;\n  return 2;')[0]).toBe('if /[)]/.test("x") || /"/.test("y")');
  expect(drawn(`if (${Array.from({ length: 30 }, (_, n) => `inputs.any === "${n}"`).join(" || ")} || true) return 1;\n  return 2;`)[0]).toMatch(/^if inputs\.any === "0".* … .* \|\| true$/);
});
