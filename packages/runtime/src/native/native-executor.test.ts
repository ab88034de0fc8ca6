import { describe, expect, it, test } from "vitest";
import { UnsafeInteger } from "../base/index.ts";
import { endOf } from "../engine/index.ts";
import { bodyProgram, programOf } from "../testing/compile-source.ts";
import { type FakeRunOptions, FakeWorld } from "../testing/fake-ports.ts";
import { type FakeRun, runProgram } from "../testing/fake-run.ts";
import type { FakeTool } from "../testing/fake-tool.ts";
import { runNative } from "../testing/native-run.ts";

type Tools = { readonly [name: string]: FakeTool };

const TOOLS: Tools = {
  list: { effect: "read", answer: () => [1, 2, 3].map((n) => ({ id: `i${n}`, n })) },
  get: { effect: "read", answer: ({ id }: { readonly id: string }) => { if (id === "i2") throw new Error("gone"); return { id, note: `n-${id}` }; } },
  create: { effect: "write", answer: ({ id }: { readonly id: string }) => ({ key: `K-${id}` }), fault: ({ id }: { readonly id: string }) => (id === "i3" ? "failed" : null) },
  comment: { effect: "write", answer: () => ({ ok: true }) },
  search: { effect: "read", consistent: true, answer: () => [] },
};

const TOP = `
const cursor = state("cursor", [] as string[]);
const byId = async (x: any) => world.search({ id: x.id });
const ticket = record("ticket", { identity: (x: any) => x.id, find: byId, create: (x: any) => world.create({ id: "r-" + x.id }), keep: (t: any) => ({ key: t.key }) });
const title = async (id: string) => { try { return (await world.get({ id })).note; } catch (e) { return "none"; } };
const stamp = () => now();`;

const BODY = `
const started = stamp();
const items: any[] = await world.list({});
const serial = await each(items, { key: (x: any) => x.id, onError: "continue" }, async (x: any) => {
  const t = await title(x.id);
  await cursor.set([...(await cursor.get()), x.id]);
  const kept = await ticket.ensure(x);
  const w = await once("c:" + x.id, () => world.create({ id: x.id }));
  await once.perRun(() => world.comment({ on: x.n }));
  return { t, w: w.key, kept, at: started };
});
const wide = await each(items, { key: (x: any) => x.id, parallel: 2 }, async (x: any) => { for (const n of [1, 2]) if (n === 2) await world.list({ n }); return (await once("w:" + x.id, () => world.comment({ on: x.n }))).ok; });
let total = 0;
for (const x of items) { const r = await title(x.id); total += r.length; }
for (const n of range(2)) log("turn", n, now());
const sides = await parallel({ a: async () => ago("1h"), b: () => world.list({ b: true }) });
return { serial, wide, total, cursor: await cursor.get(), started, sides, all: await ticket.all(), pages: await world.list.pages({}, { max: 2, until: (x: any) => x.n === 2 }) };`;

const program = bodyProgram(BODY, TOP);

describe("a run that Node executes", () => {
  it("makes the calls, journal rows and effects that the interpreter makes, under the same keys", async () => {
    const interpreted = await runProgram(program, new FakeWorld(TOOLS));
    const native = await runNative(program, new FakeWorld(TOOLS));
    expect(interpreted.result).toMatchObject({ end: "completed", failures: [{ error: { code: "TOOL_FAILED" } }] });
    expect(native.result).toEqual(interpreted.result);
    expect(native.world.journal).toEqual(interpreted.world.journal);
    expect([...native.world.ledger.entries.keys()]).toEqual([...interpreted.world.ledger.entries.keys()]);
    expect(native.world.logs).toEqual(interpreted.world.logs);
    expect(native.world.calls).toEqual(interpreted.world.calls);
  });

  it.each([
    ["natively, goes on natively", runNative, runNative],
    ["natively, goes on interpreted", runNative, runProgram],
    ["by the interpreter, goes on natively", runProgram, runNative],
  ] as const)("begun %s where it was killed, repeats no call and comes to the same result", async (_, begin, goOn) => {
    const undisturbed = await runNative(program, new FakeWorld(TOOLS));
    const visits = undisturbed.ports.visits();
    expect(visits).toBeGreaterThan(80);
    for (let at = 1; at <= visits; at += 3) {
      const world = new FakeWorld(TOOLS);
      await expect(begin(program, world, { diesAt: at })).rejects.toMatchObject({ code: "LEASE_LOST" });
      // An intent of which nothing more is known belongs to a process that died: here nothing was sent.
      for (const [id, entry] of world.ledger.entries) if (entry.status === "intended") world.ledger.entries.delete(id);
      const { result } = await goOn(program, world);
      expect({ at, ...result, replayed: 0 }).toEqual({ at, ...undisturbed.result, replayed: 0 });
      expect(writesOf(world)).toEqual(writesOf(undisturbed.world));
    }
  });

  it("is really executed: it may do what the interpreter has no word for", async () => {
    const program = bodyProgram("return [1, 2].at(0);");
    const edited = { ...program, debug: { ...program.debug, source: program.debug.source.replace("[1, 2].at(0)", "[...'ab'].join(new Date(0).toISOString().slice(0, 4))") } };
    expect((await runNative(edited, new FakeWorld({}))).result.output).toBe("a1970b");
  });

  it("takes types that are imported as if they were values, other names for what is imported, and names that JavaScript has", async () => {
    const program = programOf('import { workflow as define, Json, log as JSON2 } from "offstage";\nimport { world as map } from "#servers";\nconst $at = 1;\nexport default define({ name: "a", description: "b", on: [] }, async () => { const x: Json = await map.list({}); JSON2($at); return x; });');
    const run = await runNative(program, new FakeWorld(TOOLS));
    expect(run.result).toMatchObject({ end: "completed", output: [{ id: "i1" }, { id: "i2" }, { id: "i3" }] });
    expect(run.world.logs).toEqual(["1"]);
  });

  it("interprets what is no run, and a program without marks", async () => {
    const { marks: _, ...debug } = program.debug;
    expect((await runNative({ ...program, debug }, new FakeWorld(TOOLS))).result.end).toBe("completed");
    const planned = await runNative(bodyProgram("const made: any = await once('a', () => world.create({ id: 'a' })); return made.key;"), new FakeWorld(TOOLS), { phase: "plan" });
    expect(planned.result).toMatchObject({ end: "completed", output: null, held: [{ label: "once a" }] });
  });
});

describe("where a native run is JavaScript's", () => {
  it("what TypeScript could not see has what JavaScript hangs on all objects, of which the interpreter knows nothing; operators and templates convert it in neither", async () => {
    const acts = ["return [any.n + any.t];", "return [`${any.none}`];", "return [any.t < any.n];", "let n = 1; n += any.none; return [n];"];
    const tried = acts.map((act) => `try { ${act.replace("return [", "told.push(String(").replace("];", "));")} } catch (error) { told.push((error as any).message); }`).join(" ");
    const program = bodyProgram(`const any: any = JSON.parse('{"n":1,"t":"a"}'); const told = [any.toString === undefined ? "own only" : "inherited"]; ${tried} return told;`);
    const told = ["+ takes two numbers or two strings, not a number and a string.", 'A template takes strings, numbers and booleans, not undefined: write ?? "" or JSON.stringify.', "< takes two numbers or two strings, not a string and a number.", "+ takes two numbers or two strings, not a number and undefined."];
    expect((await runProgram(program, new FakeWorld({}))).result.output).toEqual(["own only", ...told]);
    expect((await runNative(program, new FakeWorld({}))).result.output).toEqual(["inherited", ...told]);
  });

  it("limits hold for what Offstage does: a text may grow larger than the interpreter lets it, until it is an argument", async () => {
    const program = bodyProgram(`let text = "x"; for (const n of range(24)) text = text.repeat(2); if (inputs.any === "call") await world.get({ text }); return text.length;`);
    expect((await runProgram(program, new FakeWorld({}))).result.error?.code).toBe("LIMIT_SIZE");
    expect((await runNative(program, new FakeWorld({}))).result.output).toBe(2 ** 24);
    expect((await runNative(program, new FakeWorld({}), { inputs: { any: "call" } })).result.error?.code).toBe("LIMIT_SIZE");
  });
});

describe("errors of a native run", () => {
  const caught = "try { BODY } catch (error) { return { ...(error as any) }; }";
  test.each([
    ["fail()", "throw fail('no');", { code: "FAILED", message: "no" }],
    ["a read that failed", "await world.get({ id: 'i2' });", { code: "READ_FAILED", message: "gone" }],
    ["what JavaScript throws", "const x: any = null; return x.y;", { code: "TYPE_ERROR", message: expect.stringContaining("null") as string }],
    ["an error thrown again", "try { throw fail('in'); } catch (inner) { throw inner; }", { code: "FAILED", message: "in" }],
  ])("%s is what a handler of the interpreter sees: code and message", async (_, body, expected) => {
    const run = await runBody(caught.replace("BODY", body), TOOLS);
    expect(run.result.output).toEqual(expected);
  });

  test.each([
    ["a body", "throw fail('no');", { code: "FAILED", message: "no" }],
    ["JavaScript's own", "const x: any = null; return x.y;", { code: "TYPE_ERROR" }],
  ])("of %s end the run", async (_, body, error) => {
    expect((await runBody(body)).result).toMatchObject({ end: "failed", error });
  });

  test.each([
    ["fail()", "const xs = await world.list({});\nif (xs.length > 0)\n  throw fail('no');"],
    ["JavaScript's own, in a helper", "const x: any = null;\nreturn deep(x);"],
    ["an operator's", "const x: any = { n: 1 };\nreturn x.n +\n  x.none;"],
    ["a method's of a pure function", "const x: any = 'a';\nreturn capture(x, /b/);"],
  ])("%s has the place in the text that the interpreter tells", async (_, body) => {
    const top = "const deep = (x: any) => {\n  return x.y.z;\n};\n";
    const [native, interpreted] = [await runBody(body, TOOLS, {}, top), await runProgram(bodyProgram(body, top), new FakeWorld(TOOLS))];
    expect(native.result.error?.at).toMatch(/\.ts:\d+$/);
    expect(native.result.error?.at).toBe(interpreted.result.error?.at);
  });

  it("of an item have their place, and one that a step has failed with has the step instead", async () => {
    const each = "await each([1], { key: String, onError: 'continue' }, async (n) => {\n  await world.list({ n });\n  BODY;\n});";
    const failures = async (body: string) => (await runBody(each.replace("BODY", body), TOOLS)).result.failures.map(({ error: { at, step } }) => [at !== undefined, step !== undefined]);
    expect([await failures("throw fail('no')"), await failures("await world.get({ id: 'i2' })")]).toEqual([[[true, false]], [[false, true]]]);
  });

  test.each([
    ["a write that the policy denies", { refuses: () => true }, {}, "failed", "EFFECT_REFUSED"],
    ["an outcome that is not known", {}, { fault: () => "lost" as const }, "stopped", undefined],
    ["cancelling", { cancelsAt: 4 }, {}, "cancelled", "CANCELLED"],
  ])("%s goes past every try, with and without a binding, and nothing is done after it", async (_, options, tool, end, code) => {
    const run = await runBody(
      "await world.list({}); try { try { await once('a', () => world.create({ id: 'a' })); } catch { log('swallowed'); } } catch ({ message }: any) { log(message); } await once('b', () => world.comment({})); return 1;",
      { ...TOOLS, create: { effect: "write", ...TOOLS["create"], ...tool } }, options,
    );
    expect(run.result).toMatchObject({ end, output: null, error: code === undefined ? null : { code } });
    expect(run.world.logs).toEqual([]);
    expect(run.ports.requests.filter(({ call }) => call?.tool === "comment")).toEqual([]);
  });

  it("leave the strand where it was: 300 errors caught are no depth, and keys go on", async () => {
    const body = "for (const n of range(300)) { try { await title('i2'); throw fail('x'); } catch { await world.list({ n }); } } return (await world.get({ id: 'i1' })).note;";
    const native = await runBody(body, TOOLS, {}, TOP);
    expect(native.result).toMatchObject({ end: "completed", output: "n-i1" });
    expect([...native.world.journal.keys()]).toEqual([...(await runProgram(bodyProgram(body, TOP), new FakeWorld(TOOLS))).world.journal.keys()]);
  });

  it("an integer beyond 2^53-1 may be carried and shown; a text or sum of it ends the item past every try", async () => {
    const tools: Tools = { get: { effect: "read", answer: () => ({ id: new UnsafeInteger("9007199254740993") }) } };
    expect((await runBody("const { id } = await world.get({}); return { id };", tools)).result.output).toEqual({ id: new UnsafeInteger("9007199254740993") });
    for (const use of ["`${x}`", "x + 1", "x < 2", "Number(x)", "hash(x)", "JSON.stringify({ x })", "[x].join()"]) {
      const run = await runBody(`const x: any = (await world.get({})).id; try { return ${use}; } catch { return "caught"; }`, tools);
      expect({ use, code: run.result.error?.code }).toEqual({ use, code: "UNSAFE_INTEGER" });
    }
  });
});

describe("a held write in a native run", () => {
  const holds = { holds: ({ call }: { readonly call: { readonly tool: string } | null }) => call?.tool === "create" };

  it("ends its item where its answer is used; others go on, and the run waits for a person", async () => {
    const run = await runBody(
      "return each(['a', 'b'], { key: (x) => x }, async (x) => { if (x === 'a') { const made: any = await once(x, () => world.create({ id: x })); try { log('key ' + made.key); } catch { log('caught'); } } await once('c' + x, () => world.comment({ x })); return x; });",
      TOOLS, holds,
    );
    expect(endOf(run.result)).toBe("pending");
    expect(run.result).toMatchObject({ output: [null, "b"], held: [{ label: "once a" }] });
    expect(run.world.logs).toEqual([]);
    expect(run.world.called()).toEqual(["comment"]);
  });

  it("holds what follows in its item when its answer is not used, as the interpreter does", async () => {
    const body = "const items = ['a', 'b']; await each(items, { key: (x) => x }, async (x) => { await once(x, () => world.create({ id: x })); await once('c' + x, () => world.comment({ x })); }); return items.length;";
    const native = await runBody(body, TOOLS, holds);
    const interpreted = await runProgram(bodyProgram(body), new FakeWorld(TOOLS), holds as FakeRunOptions);
    expect(native.result).toEqual(interpreted.result);
    expect(native.result.held).toHaveLength(4);
    expect(native.world.called()).toEqual([]);
  });

  it("is unknown wherever it is carried: in lists, through helpers, in what a record keeps, in the arguments of a write", async () => {
    const body = `
      const made: any = await once("a", () => world.create({ id: "a" }));
      const passed = [{ made }];
      await once("b", () => world.comment({ on: passed }));
      const kept = await ticket.ensure({ id: "x" });
      return { passed, kept, same: JSON.stringify(made) };`;
    const native = await runBody(body, TOOLS, holds, TOP);
    expect(native.result).toMatchObject({ end: "completed", output: { passed: [{ made: null }], kept: { key: null }, same: null }, held: [{ label: "once a" }, { label: "once b" }, { label: "ticket x" }] });
    expect(native.ports.requests.find(({ call }) => call?.tool === "comment")?.args).toMatchObject({ value: { on: [{ made: null }] }, unknown: [{ path: ["on", 0, "made"] }] });
  });

  test.each([
    ["the key of a once", "await once(made.key, () => world.comment({}));"],
    ["a value that is the key itself", "await once(made, () => world.comment({}));"],
    ["a list to go through", "await each(made, { key: (x: any) => x }, () => world.comment({}));"],
    ["a list of a loop", "for (const x of made) log(x);"],
    ["an identity", "await ticket.lookup(made.id);"],
    ["a spread", "log({ ...made });"],
  ])("as %s ends the run where it stands, past every try", async (_, use) => {
    const run = await runBody(`const made: any = await once("a", () => world.create({ id: "a" })); try { ${use} } catch { log("caught"); } log("after"); return 1;`, TOOLS, holds, TOP);
    expect(run.result).toMatchObject({ end: "stopped", error: null, output: null, held: [{ label: "once a" }] });
    expect(endOf(run.result)).toBe("pending");
    expect(run.world.logs).toEqual([]);
  });
});

async function runBody(body: string, tools: Tools = {}, options: object = {}, top = ""): Promise<FakeRun> {
  return runNative(bodyProgram(body, top), new FakeWorld(tools), options);
}

function writesOf(world: FakeWorld): readonly string[] {
  return world.calls.filter(({ tool }) => tool === "create" || tool === "comment").map(({ step, tool }) => `${step} ${tool}`).sort();
}
