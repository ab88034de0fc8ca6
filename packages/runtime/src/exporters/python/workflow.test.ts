import { expect, test } from "vitest";
import { bodyProgram, programOf, profileProgramOf } from "../../testing/compile-source.ts";
import { printProfile, printWorkflows } from "./index.ts";

/** What is printed of a body, from its first statement on. */
function bodyOf(body: string, top = ""): string {
  const text = String(printWorkflows(bodyProgram(body, top))[0]?.content);
  return text.slice(text.indexOf("-> object:\n") + 11);
}

/** What stands over the workflow's function, below the imports. */
function topOf(top: string, body: string): string {
  const text = String(printWorkflows(bodyProgram(body, top))[0]?.content);
  const inputs = "class Inputs(TypedDict):\n    any: str\n\n\n";
  return text.slice(text.indexOf("\n\n\n") + 3, text.indexOf("\n\n\n@workflow")).replace(inputs, "");
}

test("a module has its description, what it imports, and the workflow's options over its function", () => {
  const program = programOf(`import { workflow, each, once, every } from "offstage"; import { world } from "#servers";
    export default workflow({ name: "tell-all", description: "Tells everybody.", on: [every("1h", { sweep: true })], inputs: { owner: "acme" }, limits: { writes: 5, duration: "1h" } }, async ({ inputs }) => {
      // Newest first.
      const items = (await world.list.pages({ ...inputs, state: "open" }, { max: 3 })).filter((item) => item.open === true);
      await each(items, { key: (item) => item.id, parallel: 4, onError: "continue" }, async (item) => {
        await once(\`say:\${item.id}\`, () => world.send({ text: item.title })); // One each.
      });
      return { told: items.length };
    });`);
  expect(String(printWorkflows(program)[0]?.content)).toBe(`"""Tells everybody."""

from __future__ import annotations

from typing import Any, TypedDict

from offstage import Context, each, every, once, workflow
from offstage.javascript import get, text

from .servers import world


class Inputs(TypedDict):
    owner: str


@workflow(
    name="tell-all", on=[every("1h", sweep=True)], inputs={"owner": "acme"}, limits={"writes": 5, "duration": "1h"}
)
async def tell_all(context: Context[Inputs]) -> object:
    inputs = context["inputs"]
    # Newest first.
    items = [item for item in await world.list.pages(max=3)(**inputs, state="open") if get(item, "open") is True]

    async def handle_item(item: Any) -> None:
        await once(f"say:{text(get(item, 'id'))}", lambda: world.send(text=get(item, "title")))  # One each.

    await each(items, handle_item, key=lambda item: get(item, "id"), parallel=4, on_error="continue")
    return {"told": len(items)}
`);
});

test("names are Python's, never hide one of its words or one that is imported, and say when nobody reads them", () => {
  expect(bodyOf("const list = [1]; const myValue = 2; const text = `${myValue / 2}${list.length}`; const unread = 1; for (const text of list) log(text); return text;")).toBe(`    list_ = [1]
    my_value = 2
    text_ = f"{text(num(my_value / 2))}{len(list_)}"
    _unread = 1
    for text_2 in list_:
        log(text_2)
    return text_
`);
});

test("a workflow that is called as its parameter would be has another parameter", () => {
  const text = String(printWorkflows(programOf(`import { workflow } from "offstage"; export default workflow({ name: "context", on: [], inputs: { a: "b" } }, async ({ inputs }) => inputs.a);`))[0]?.content);
  expect(text.slice(text.indexOf("async def"))).toBe(`async def context(context_2: Context[Inputs]) -> object:
    inputs = context_2["inputs"]
    return inputs["a"]
`);
});

test("two numbers that came from elsewhere may both be poisoned, so `same` is asked; one that is written out is no such number, and no boolean either where it is not 0 or 1", () => {
  expect(bodyOf("const { a, b } = (await world.get({ id: \"1\" })) as { a: number; b: number }; return [a === b, a !== b, a === 7, a === b + 1, a === [a].length];")).toContain("return [same(a, b), not same(a, b), a == 7, same(a, add_of(b, 1)), same(a, len([a]))]");
});

test("what JavaScript means otherwise than Python is called by name; what means the same is not", () => {
  expect(bodyOf("const n: number = 7; const t: string = inputs.any; const o: any = { a: 1 }; return [n + 1, n * 2, n % 2, n === 7, t === \"a\", o === null, o.a === undefined, o === o, t < \"b\", n < 3, !t, t && n > 1];")).toMatchInlineSnapshot(`
    "    inputs = context["inputs"]
        n = 7
        t = inputs["any"]
        o: Any = {"a": 1}
        return [
            n + 1,
            num(n * 2),
            remainder(n, 2),
            n == 7,
            t == "a",
            o is None,
            get(o, "a") is undefined,
            same(o, o),
            less(t, "b"),
            n < 3,
            not truthy(t),
            n > 1 if truthy(t) else t,
        ]
    "
  `);
});

test("statements in an arrow become a function before the statement that uses it, and nothing is evaluated earlier", () => {
  expect(bodyOf("return [1, 2].map((n) => { if (n > 1) return n; return [n].map((m) => m + n); });")).toBe(`    def convert(n: float) -> list[float] | float:
        if greater(n, 1):
            return n
        return [add_of(m, n) for m in [n]]

    return map_list([1, 2], convert)
`);
});

test("what begins absent or empty, and what lists of objects hold, is annotated: Python would take it for something else", () => {
  expect(bodyOf("let best: Best | undefined; let none: Best | null = null; const all = [1].map((n) => ({ n })); const most = all.toSorted((a, b) => a.n - b.n).map(({ n }) => n); if (best !== undefined && none !== null) { best = none; none = best; } return [best, none, most];", "type Best = { readonly n: number };")).toBe(`    best: Best | Undefined = undefined
    none: Best | None = None
    all_: list[Best] = [{"n": n} for n in [1]]
    most = [one["n"] for one in sorted_by_number(all_, lambda one: one["n"])]
    if best is not undefined and none is not None:
        best = none
        none = best
    return [best, none, most]
`);
});

test("an object with a type's members has its name, one with more extends it, and two of one name are told apart by a number", () => {
  const text = topOf("type Row = { readonly name: string; readonly n: number }; const more = (row: Row) => ({ ...row, at: 1 }); const Row2 = (n: number) => ({ n });", 'const row = { n: 1, name: "a" }; const list: Row[] = []; list.push(row); const both = { ...more(row), last: true, "a b": 1 }; const row2 = { n: 1 }; return [list, both, row2, Row2(1)];');
  expect(text).toContain(`class Row(TypedDict):
    name: str
    n: float


class Row2Result(TypedDict):
    n: float


class MoreResult(Row):
    at: float


def more(row: Row) -> MoreResult:
    return {**spread(row), "at": 1}
`);
  expect(text.match(/^class /gm)).toHaveLength(3);
});

test("what types say of what comes from elsewhere is not believed; what the language makes is, as far as it is only reckoned with", () => {
  expect(bodyOf("const { list, done, n } = (await world.get({ id: \"1\" })) as { list: readonly string[]; done: boolean; n: number }; let sum = 0; for (const one of list) sum += one.length; if (done) return list.map((one) => one.trim()); return [n === 1, n === 2, n > 0, list.length > 0, sum > 0, `${sum}`];")).toBe(`    taken = await world.get(id="1")
    list_ = taken["list"]
    done = taken["done"]
    n = taken["n"]
    sum_ = 0
    for one in iterate(list_):
        sum_ = add_of(sum_, length(one))
    if truthy(done):
        return [trim(one) for one in items_of(list_)]
    return [same(n, 1), n == 2, greater(n, 0), greater(length(list_), 0), sum_ > 0, text(sum_)]
`);
});

test("optional chains and ?? look at a value once, and fail ends where nothing is found", () => {
  expect(bodyOf("const o: any = inputs; const found = o.list?.at(0) ?? fail(\"none\"); return o.a?.b ?? found;")).toBe(`    inputs = context["inputs"]
    o = inputs
    found = maybe(get(o, "list"), at, 0)
    if absent(found):
        raise fail("none")
    return coalesce(maybe_get(get(o, "a"), "b"), found)
`);
});

test("what Python does as JavaScript does is done by Python: texts are cut and looked through, the first that fits is found", () => {
  expect(bodyOf("const path = `${inputs.any}/x`; const line = path.split(\"/\").find((one) => one.endsWith(\"x\")) ?? fail(\"none\"); return [line, path.split(\"/\").at(1) ?? \"\", /x/i.test(line), [line].find((one) => one === \"x\")];")).toBe(`    inputs = context["inputs"]
    path = f"{text(inputs['any'])}/x"
    line = next((one for one in path.split("/") if one.endswith("x")), None)
    if line is None:
        raise fail("none")
    return [line, at(path.split("/"), 1) or "", regexp("x", "i").test(line), find([line], lambda one: one == "x")]
`);
});

test("a part of an answer is taken on a line of its own", () => {
  expect(bodyOf("const close = async (id: string) => ((await world.get({ id })) as { state: string }).state === \"closed\"; return await close(inputs.any);")).toBe(`    inputs = context["inputs"]

    async def close(id_: str) -> bool:
        answer = await world.get(id=id_)
        return answer["state"] == "closed"

    return await close(inputs["any"])
`);
});

test("what is surely there is looked up by its name: inputs, and what a person answered", () => {
  const program = programOf(`import { approve, workflow } from "offstage";
    export default workflow({ name: "ask", description: "", on: [], inputs: { owner: "acme", count: 1 } }, async ({ inputs: { owner, count } }) => {
      const { outcome, by } = await approve({ message: owner, within: "1d" });
      return [outcome, by, count + 1];
    });`);
  const text = String(printWorkflows(program)[0]?.content);
  expect(text.slice(text.indexOf("-> object:\n") + 11)).toBe(`    inputs = context["inputs"]
    owner = inputs["owner"]
    count = inputs["count"]
    approval = await approve(message=owner, within="1d")
    outcome = approval["outcome"]
    by = approval["by"]
    return [outcome, by, add_of(count, 1)]
`);
});

test("a handler sees code and message, and raises again what it caught", () => {
  expect(bodyOf("try { throw fail(\"x\"); } catch (error) { if ((error as any).code === \"FAILED\") return (error as any).message; throw error; }")).toBe(`    try:
        raise fail("x")
    except Failure as failure:
        error = caught(failure)
        if error["code"] == "FAILED":
            return error["message"]
        raise
`);
});

test("helpers keep their comments; parameters that calls leave out are undefined", () => {
  expect(topOf("/** Twice as much.\n * Or more. */\nconst twice = (n: number, more?: number) => n * 2 + (more ?? 0); // plain", "return [twice(1), twice(1, 2)];")).toBe(`# Twice as much.
# Or more.
def twice(n: float, more: float | Undefined = undefined) -> float:
    return add_of(multiply(n, 2), coalesce(more, 0))  # plain`);
});

test("a template is a formatted text where Python 3.11 can read it, else put together", () => {
  expect(bodyOf("const n = 1; const t = \"x\"; return [`a${n}{}`, `say \"${t}\" ${[t].join(\"'\")}`, `plain`, `${[t].length} of ${t}`];")).toBe(`    n = 1
    t = "x"
    return [f"a{n}{{}}", 'say "' + t + '" ' + join([t], "'"), "plain", f"{len([t])} of {t}"]
`);
});

test("arguments go by their names, and as one mapping where two may meet or one is no name", () => {
  expect(bodyOf("const more: any = {}; return [await world.get({ a: 1, class: 2 }), await world.get({ ...more, a: 1 }), await world.get({ ...more }), await world.get({ a: 1, in_: 2 })];")).toBe(`    more: Any = {}
    return [
        await world.get({"a": 1, "class": 2}),
        await world.get({**more, "a": 1}),
        await world.get(**more),
        await world.get(a=1, in_=2),
    ]
`);
});

test("a profile is a table of rules and their functions", () => {
  const profile = profileProgramOf(`import { profile } from "offstage";
    export default profile("some-server@1", { get: [{ when: (a) => a.action === "get", effect: "read", lag: "2s" }], "*": { rate: { perSecond: 5 } } });`);
  expect(printProfile("some-server", profile)).toEqual({ path: "profiles/some_server.py", content: `"""What MCP does not say about the server some-server: some-server@1."""

from offstage import profile, rule
from offstage.javascript import get

PROFILE = profile(
    "some-server@1",
    rules={
        "get": [rule(when=lambda a: get(a, "action") == "get", effect="read", lag="2s")],
        "*": [rule(rate={"per_second": 5})],
    },
)
` });
});

test("what a description, a comment or a name holds cannot come out of its place, or hide", () => {
  const source = (description: string): string => `import { workflow } from "offstage"; // \u0007 bell \u202e turned
    export default workflow({ name: "w", description: ${JSON.stringify(description)}, on: [] }, async () => { const def = 1; const $a = 2; return [def, $a]; });`;
  const text = (description: string): string => String(printWorkflows(programOf(source(description)))[0]?.content);
  expect(text('"a" """ b\\ "').split("\n", 1)).toEqual(['""" "a" \\"\\"\\" b\\\\ \\""""']);
  expect(text(" ").split("\n", 1)).toEqual(['"""The workflow w."""']);
  expect(text("a").slice(text("a").indexOf("# "))).toBe(`# \\u0007 bell \\u202e turned
@workflow(name="w", on=[])
async def w(context: Context[Any]) -> object:
    def_ = 1
    _a = 2
    return [def_, _a]
`);
});
