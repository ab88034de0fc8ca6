import { expect, test } from "vitest";
import { bodyProgram, profileProgramOf } from "../../testing/compile-source.ts";
import { printProfile, printWorkflows } from "./index.ts";

const ORDERS = 'const { orders, more } = (await world.get({ id: "1" })) as { orders: { id: string; n: number; note?: string | null; to?: { login: string } | null; tags?: string[] }[]; more: [string, number][] };';

/** The lines of a body behind those that get what it is about. */
function linesOf(body: string, top = ""): readonly string[] {
  const text = String(printWorkflows(bodyProgram(`${ORDERS} ${body}`, top))[0]?.content);
  return text.trimEnd().slice(text.indexOf('more = taken["more"]\n') + 21).split("\n").map((line) => line.replace(/^ {4}/, ""));
}

/** What an expression is printed as, where it is what the workflow gives. */
function valueOf(expression: string, top = ""): string {
  return linesOf(`return ${expression};`, top).join("\n").replace(/^return /, "");
}

test.each([
  ['orders.map((o) => o.note ?? "-")', '[coalesce(get(o, "note"), "-") for o in items_of(orders)]'],
  ['orders.map((o) => o.note?.toUpperCase() ?? "-")', '[coalesce(maybe(get(o, "note"), upper), "-") for o in items_of(orders)]'],
  ['orders.map((o) => o.to?.login ?? null)', '[coalesce(maybe_get(get(o, "to"), "login"), None) for o in items_of(orders)]'],
  ['orders.at(0)?.to?.login', 'maybe_get(maybe_get(at(orders, 0), "to"), "login")'],
  ['orders.at(0)?.tags?.[0] || "none"', 'or_else(maybe(maybe_get(at(orders, 0), "tags"), item, 0), "none")'],
  ['(orders.at(0)?.note ?? [] as string[]) === null', 'coalesce(maybe_get(at(orders, 0), "note"), []) is None'],
])("what stands in place of something absent is given at once where nothing has to be done for it: %s", (expression, printed) => {
  expect(valueOf(expression)).toBe(printed);
});

test("what has to be worked out is worked out only where it is needed, and a link that ends a longer chain ends all of it", () => {
  expect(valueOf('orders.at(0)?.note ?? orders.map((o) => o.id).join(",")')).toBe('(\n    note if not absent(note := maybe_get(at(orders, 0), "note")) else join([o["id"] for o in items_of(orders)], ",")\n)');
  expect(valueOf('orders.at(0)?.tags?.map((tag) => tag.trim()).join(" ") ?? "-"')).toBe('"-" if absent(tags := maybe_get(at(orders, 0), "tags")) else join([trim(tag) for tag in items_of(tags)], " ")');
  expect(valueOf('orders.at(0)?.tags?.find((tag) => tag === "a") ?? "-"')).toContain("coalesce(");
  expect(valueOf("orders.at(0)?.id.length")).toBe('undefined if absent(value := at(orders, 0)) else length(value["id"])');
  expect(valueOf('orders.at(0)?.id.slice(orders.length)')).toBe('undefined if absent(value := at(orders, 0)) else slice_of(value["id"], length(orders))');
  expect(valueOf('orders.at(0)?.tags?.at(orders.length)')).toBe('undefined if absent(tags := maybe_get(at(orders, 0), "tags")) else at(tags, length(orders))');
});

test.each([
  ["orders.reduce((sum, o) => sum + o.n, 0)", 'sum_of(o["n"] for o in items_of(orders))'],
  ["orders.map((o) => o.n).reduce((a, b) => a + b, 0)", 'sum_of([o["n"] for o in items_of(orders)])'],
  ["orders.reduce((sum, { n }) => sum + n, 0)", 'sum_of(order["n"] for order in items_of(orders))'],
  ["Math.round(orders.reduce((sum, o) => sum + o.n, 0) * 100) / 100", 'num(round_half_up(sum_of(o["n"] for o in items_of(orders)) * 100) / 100)'],
  // Not from 0 on, the other way round, or with the sum in what is added.
  ["orders.reduce((sum, o) => sum + o.n, 1)", 'reduce(orders, lambda sum_, o: add_of(sum_, o["n"]), 1)'],
  ["orders.reduce((sum, o) => o.n + sum, 0)", 'reduce(orders, lambda sum_, o: add_of(o["n"], sum_), 0)'],
  ["orders.reduce((sum, o) => sum + (o.n > sum ? 1 : 0), 0)", 'reduce(orders, lambda sum_, o: add_of(sum_, 1 if greater(o["n"], sum_) else 0), 0)'],
])("a sum is one, and is a number: %s", (expression, printed) => {
  expect(valueOf(expression)).toBe(printed);
});

test.each([
  ["orders.toSorted((a, b) => a.n - b.n)", 'sorted_by_number(orders, lambda order: order["n"])'],
  ["orders.toSorted((a, b) => b.n - a.n)", 'sorted_by_number(orders, lambda order: order["n"], reverse=True)'],
  ["orders.map((o) => o.id).toSorted((a, b) => a.length - b.length)", 'sorted_by_number([o["id"] for o in items_of(orders)], length)'],
  ["orders.map((o) => o.n).toSorted((a, b) => a - b)", 'sorted_by_number([o["n"] for o in items_of(orders)])'],
  ["orders.toSorted((a, b) => time(b.id) - time(a.id))", 'sorted_by_number(orders, lambda order: time(order["id"]), reverse=True)'],
  ["orders.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))", 'sorted_by(orders, lambda order: order["id"])'],
  ["orders.toSorted((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0))", 'sorted_by(orders, lambda order: order["id"], reverse=True)'],
  ["orders.toSorted((a, b) => (b.id < a.id ? 1 : b.id > a.id ? -1 : 0))", 'sorted_by(orders, lambda order: order["id"])'],
  ["orders.toSorted((a, b) => (a.id > b.id ? -1 : 1))", 'sorted_by(orders, lambda order: order["id"], reverse=True)'],
  ["more.toSorted(([, a], [, b]) => b - a)", "sorted_by_number(more, lambda one: unpack(one, 2)[1], reverse=True)"],
  // It puts what is equal in the other order; two things are compared; something is done.
  ["orders.toSorted((a, b) => (a.id > b.id ? 1 : -1))", 'to_sorted(orders, lambda a, b: 1 if greater(a["id"], b["id"]) else -1)'],
  ["orders.toSorted((a, b) => a.n - b.id.length)", 'to_sorted(orders, lambda a, b: subtract(a["n"], length(b["id"])))'],
  ["orders.toSorted((a, b) => a.n - a.n)", 'to_sorted(orders, lambda a, _b: subtract(a["n"], a["n"]))'],
  ["orders.toSorted((a, b) => rank(a.n) - rank(b.n))", 'to_sorted(orders, lambda a, b: num(rank(a["n"]) - rank(b["n"])))'],
])("a list is sorted by a key, where its comparator looks at nothing else: %s", (expression, printed) => {
  expect(valueOf(expression, "const rank = (n: number) => n * 2;")).toBe(printed);
});

test.each([
  ["[...groupBy(orders, (o) => o.id)].map(([id, all]) => ({ id, count: all.length }))", '[{"id": id_, "count": length(all_)} for id_, all_ in group_by(orders, lambda o: o["id"]).items()]'],
  ["Object.entries(inputs).map(([, v]) => v)", '[v for _, v in object_entries(inputs)]'],
  ["[...groupBy(orders, (o) => o.id).entries()].filter(([, all]) => all.length > 1)", '[pair for pair in group_by(orders, lambda o: o["id"]).entries() if greater(length(pair[1]), 1)]'],
  ["orders.map(({ id, n }) => ({ id, n: n + 1 }))", '[{"id": order["id"], "n": add_of(order["n"], 1)} for order in items_of(orders)]'],
  ["orders.map(({ id, n }) => `${id}, ${n}`)", "[f\"{text(order['id'])}, {text(order['n'])}\" for order in items_of(orders)]"],
])("what is taken apart is read where it is used: %s", (expression, printed) => {
  expect(valueOf(expression)).toBe(printed);
});

test.each([
  ["orders.map((o, at) => `${at + 1}. ${o.id}`)", "[f\"{at + 1}. {text(o['id'])}\" for at, o in enumerate(items_of(orders))]"],
  ["orders.map(({ id }, place) => [place, id])", '[[place, order["id"]] for place, order in enumerate(items_of(orders))]'],
  ["orders.map((o, place, all) => all.length)", "map_list(orders, lambda _o, _place, all_: length(all_))"],
  ["orders.filter((o, place) => place > 0)", "filter_list(orders, lambda _o, place: greater(place, 0))"],
  ["orders.map((o) => o.id).indexOf(inputs.any) + 1 > 2", 'index_of([o["id"] for o in items_of(orders)], inputs["any"]) + 1 > 2'],
  ["orders.map((o) => o.id).length * 2", 'num(len([o["id"] for o in items_of(orders)]) * 2)'],
  ["orders.length + 1", "add_of(length(orders), 1)"],
])("what is counted is a whole number of Python's: %s", (expression, printed) => {
  expect(valueOf(expression)).toBe(printed);
});

test("a name for a count is one as long as nothing else is given to it, and branches answer what they are called", () => {
  expect(linesOf("const ids = orders.map((o) => o.id); const n = ids.length - 1; let more2 = ids.length; more2 += 1; return `${n} ${more2} ${n + 1}`;").slice(1)).toEqual(["n = len(ids) - 1", "more2 = len(ids)", "more2 = num(more2 + 1)", 'return f"{n} {text(more2)} {n + 1}"']);
  expect(linesOf('const { a, b: { id } } = await parallel({ a: () => world.get({ id: "1" }), b: async () => ({ id: 1 }) }); return [a, id];').slice(-4)).toEqual(['answers = await parallel({"a": lambda: world.get(id="1"), "b": lambda: {"id": 1}})', 'a = answers["a"]', 'id_ = answers["b"]["id"]', "return [a, id_]"]);
});

test.each([
  ["orders.toSorted((a, b) => a.n - b.n).slice(0, 3)", 'sorted_by_number(orders, lambda order: order["n"])[:3]'],
  ["orders.map((o) => o.n).slice(-2).slice(1, -1)", '[o["n"] for o in items_of(orders)][-2:][1:-1]'],
  ["orders.map((o) => o.n).slice(0)", '[o["n"] for o in items_of(orders)][:]'],
  ["orders.slice(0, 3)", "slice_of(orders, 0, 3)"],
  ["orders.map((o) => o.n).slice(0.5)", 'slice_of([o["n"] for o in items_of(orders)], 0.5)'],
  ["orders.map((o) => o.n).slice(orders.length)", 'slice_of([o["n"] for o in items_of(orders)], length(orders))'],
])("a list that Python has made is cut by Python: %s", (expression, printed) => {
  expect(valueOf(expression)).toBe(printed);
});

test.each([
  ["24 * 60 * 60 * 1000", "24 * 60 * 60 * 1000"],
  ["0.1 + 0.2", "0.1 + 0.2"],
  ["2 - -1", "2 - -1"],
  ["-2.5 / 1", "-2.5 / 1"],
  ["-(2 * 3)", "-(2 * 3)"],
  ["7 % 3", "7 % 3"],
  ["-0", "-0.0"],
  ["DAY / 7", "DAY / 7"],
  ["-DAY", "-DAY"],
  ["inputs.any.length === -1", 'length(inputs["any"]) == -1'],
  // Python has 2.0, 2 ** 53 + 1 and 0 there, divides nothing by zero, and its remainder has another sign.
  ["4 / 2", "num(4 / 2)"],
  ["4 / 2 * 3", "num(4 / 2 * 3)"],
  ["0.5 + 0.5", "num(0.5 + 0.5)"],
  ["9007199254740991 + 2", "num(9007199254740991 + 2)"],
  ["9007199254740991 + 2 - 2", "num(num(9007199254740991 + 2) - 2)"],
  ["0 * -1", "multiply(0, -1)"],
  ["1 / 0", "divide(1, 0)"],
  ["-5 % 3", "remainder(-5, 3)"],
  ["-(-0)", "negative(-0.0)"],
])("what is reckoned with numbers that are written out stands as it is, where Python makes the same of it: %s", (expression, printed) => {
  expect(valueOf(expression, "const DAY = 24 * 60;")).toBe(printed);
});

test("a constant is what it is wherever it is named, and a variable that is only given texts is one", () => {
  expect(valueOf("[`${PREFIX}${inputs.any}`, PREFIX + inputs.any, orders.map((o) => o.id).length / DAY]", 'const PREFIX = "pr-"; const DAY = 24 * 60;')).toBe("[\n    f\"{PREFIX}{text(inputs['any'])}\",\n    add_of(PREFIX, inputs[\"any\"]),\n    num(len([o[\"id\"] for o in items_of(orders)]) / DAY),\n]");
  expect(linesOf('let state = "none"; let other = "a"; try { state = `done ${more.length}`; other = inputs.any; } catch (error) { const { code, message } = error as { code: string; message: string }; state = `${code}: ${message}`; } return `${state}, ${other}`;')).toEqual([
    'state = "none"', 'other = "a"', "try:", '    state = f"done {text(length(more))}"', '    other = inputs["any"]', "except Failure as failure:", "    error = caught(failure)",
    '    code = error["code"]', '    message = error["message"]', '    state = f"{code}: {message}"', 'return f"{state}, {text(other)}"',
  ]);
});

test("a text that is written over several lines is one in three quotes, and a template that is too long is several, one below the other", () => {
  const top = "const csv = `team,cost\ncore,\"a, b\",1`; const odd = `a\nends with \"`; const seen = `a \nb`; const escaped = `a\\nb`;";
  expect(String(printWorkflows(bodyProgram("return [csv, odd, seen, escaped];", top))[0]?.content)).toContain('csv = """team,cost\ncore,"a, b",1"""\nodd = \'a\\nends with "\'\nseen = "a \\nb"\nescaped = "a\\nb"\n');
  expect(linesOf("const text = `Hello ${inputs.any},\n{there} are ${more.length} things`; return text;")).toEqual(["text_ = f\"\"\"Hello {text(inputs['any'])},", "{{there}} are {text(length(more))} things\"\"\"", "return text_"]);
  const long = "`Costs of ${inputs.any}: ${more.length} (from ${inputs.any} to ${inputs.any}), and a text {that} goes on and on until it is longer than a line can be`";
  const first = "    f\"Costs of {text(inputs['any'])}: {text(length(more))} (from {text(inputs['any'])} to {text(inputs['any'])}), \"";
  expect(linesOf(`return ${long};`)).toEqual(["return (", first, "    \"and a text {that} goes on and on until it is longer than a line can be\"", ")"]);
  expect(linesOf(`log(1, ${long}); return null;`)).toEqual(["log(", "    1,", first, "    \"and a text {that} goes on and on until it is longer than a line can be\",", ")", "return None"]);
});

test("pairs of a map are taken apart as what they are, and a function is called after what is made of it", () => {
  expect(linesOf("const teams = groupBy(orders, (o) => o.id); const totals = [...teams.entries()].map(([id, own]) => { log(id); return { id, n: own.length }; }).toSorted((a, b) => a.n - b.n); const top = [...teams].toSorted(([, a], [, b]) => { log(1); return a.length - b.length; }); return [totals, top];")).toEqual([
    'teams = group_by(orders, lambda o: o["id"])', "", "def to_total(pair: tuple[str, list[OwnItem]]) -> Result:", "    id_, own = pair", "    log(id_)", '    return {"id": id_, "n": length(own)}', "",
    'totals = sorted_by_number(map_list(teams.items(), to_total), lambda one: one["n"])', "",
    "def compare(pair: Sequence[Any], one: Sequence[Any]) -> float:", "    _, a = pair", "    _, b = one", "    log(1)", "    return subtract(length(a), length(b))", "",
    "top = to_sorted(teams.entries(), compare)", "return [totals, top]",
  ]);
});

test("a name that Python has for something else, or that ruff takes for a digit, is one after the list where that is free", () => {
  expect(valueOf("orders.map((l) => l.tags?.includes(l.id) ?? false)")).toContain("def convert(order: Order) -> bool:");
  expect(valueOf("orders.map((l) => l.tags?.length ?? 0)")).toBe('[coalesce(maybe_get(get(order, "tags"), "length"), 0) for order in items_of(orders)]');
  expect(linesOf("const order = orders.map((l) => l.id); return order.map((l) => [l, lines(inputs.any).map((l) => l)]);")).toEqual(['order = [order["id"] for order in items_of(orders)]', 'return [[l_, [line for line in lines(inputs["any"])]] for l_ in order]']);
  expect(linesOf("const order = 1; return orders.map((id) => [id.id, order]);").at(-1)).toBe('return [[id_["id"], order] for id_ in items_of(orders)]');
});

test("what is taken apart before something else may happen, has a default or is used often, is taken apart first", () => {
  expect(linesOf('return orders.map(({ id }) => (more.length > 0 ? id : "x"));')).toEqual(["", "def convert(order: Order) -> str:", '    id_ = order["id"]', '    return id_ if greater(length(more), 0) else "x"', "", "return map_list(orders, convert)"]);
  expect(linesOf("const texts = more.map(([id, n]) => id.repeat(n)); return texts;").slice(1, 4)).toEqual(["def to_text(given: Sequence[str | float]) -> str:", "    id_, n = unpack(given, 2)", "    return repeat(id_, n)"]);
  expect(linesOf('const [first] = more; const [, [a, b] = ["x", 2]] = more; return [first, a, b];').slice(0, -1)).toEqual(["first = unpack(more, 1)[0]", "items = [*iterate(more)]", "part = item(items, 1)", "if part is undefined:", '    part = ["x", 2]', "a, b = unpack(part, 2)"]);
  expect(linesOf("for (const [k, v] of Object.entries(inputs)) log(k, v); for (const [k, v] of more) log(k, v); return null;")).toEqual(["for k, v in object_entries(inputs):", "    log(k, v)", "for one in iterate(more):", "    k, v = unpack(one, 2)", "    log(k, v)", "return None"]);
});

test("what is put into a map or set while it is gone through is come to; one that nothing is put into is read as a dict", () => {
  const own = "const own = new Map(more); ";
  expect(linesOf(`${own}for (const [id, n] of own) log(id, n); return null;`).slice(1)).toEqual(["for id_, n in own.items():", "    log(id_, n)", "return None"]);
  expect(linesOf(`${own}for (const [id, n] of own) if (own.size < 8) own.set(\`\${id}x\`, n); return null;`)[1]).toBe("for id_, n in own:");
  expect(linesOf(`${own}for (const one of own) if (own.size < 8) own.set(one[0] + "x", 1); return null;`)[1]).toBe("for one in own:");
  expect(linesOf(`${own}for (const [id] of own.entries()) await world.get({ id }); return null;`)[1]).toBe("for id_, _ in own:");
  expect(linesOf(`${own}for (const [id] of [...own]) await world.get({ id }); return null;`)[1]).toBe("for id_, _ in own.items():");
  expect(linesOf('const seen = new Set(["a"]); for (const one of seen) if (seen.size < 8) seen.add(`${one}x`); return null;')[1]).toBe("for one in seen:");
});

test("what a helper gives is known where all its ways give one kind, so that Python's own words do", () => {
  const top = `const has = (t: string) => t.includes("x"); const isA = (t: string) => { if (has(t)) return false; try { return t === "a"; } catch { return true; } };
    const maybe1 = (t: string) => { if (has(t)) return true; }; const label = (t: string) => \`l-\${t}\`; const any = (t: string) => (has(t) ? t : "y");`;
  expect(linesOf("return [has(inputs.any) || isA(inputs.any), maybe1(inputs.any) || has(inputs.any), `${label(inputs.any)}, ${any(inputs.any)}`];", top)).toEqual([
    "return [", '    has(inputs["any"]) or is_a(inputs["any"]),', '    value if truthy(value := maybe1(inputs["any"])) else has(inputs["any"]),', "    f\"{label(inputs['any'])}, {text(any_(inputs['any']))}\",", "]",
  ]);
});

test("a helper is handed on as it is, where it takes what a callback takes, and is there by then", () => {
  const top = "const big = (n: number) => n > 3; const both = (n: number, more?: number) => n > 3; const late = (n: number) => [n].some((m) => later(m)); const later = (n: number) => n > 4;";
  expect(valueOf("[[1].some((n) => big(n)), [1].some((n) => both(n)), [1].some((n) => big(n + 1))]", top)).toBe("[some([1], big), some([1], lambda n: both(n)), some([1], lambda n: big(add_of(n, 1)))]");
  expect(String(printWorkflows(bodyProgram("return late(1);", top))[0]?.content)).toContain("return some([n], lambda m: later(m))");
});

test("a parameter may hide what it hides in the program, and nothing else", () => {
  const top = 'const thing = record("thing", { identity: (thing: { id: string }) => thing.id, find: (thing) => world.search({ q: thing.id }), create: (thing) => world.create({ id: thing.id }), keep: (made: { id: string }) => made.id }); const label = (label: string) => label;';
  const text = String(printWorkflows(bodyProgram('const id = label(inputs.any); await each([{ id }], { key: (id) => id.id }, async (one) => { const id = 1; await thing.ensure(one); }); return ["a"].filter((ID) => ID !== id);', top))[0]?.content);
  expect(text).toContain('identity=lambda thing: thing["id"],');
  expect(text).toContain("def label(label_2: str) -> str:");
  expect(text).toContain('key=lambda id_: id_["id"]');
  expect(text).toContain('[ID for ID in ["a"] if not same(ID, id_)]');
});

test("what is said at the head of a profile is of no definition, what is said over one stands over it, and what no rule reads any more is left out", () => {
  const profile = profileProgramOf(`import { profile } from "offstage";

/**
 * What it does not say.
 */

// Over the first.
const isBad = (text: string) => text === "bad";
// A setting.
const reads = { effect: "read" } as const;
const words = ["a"];
const known = [...words, "b"];
// Over all.
export default profile("some-server@1", { get: [{ ...reads, gone: (r) => isBad(r.text) || known.includes(r.text) }] });`);
  expect(String(printProfile("some-server", profile).content)).toContain(`
# What it does not say.


# Over the first.
def is_bad(text: str) -> bool:
    return text == "bad"


words = ["a"]
known = [*words, "b"]

# Over all.
PROFILE = profile(
    "some-server@1",
    rules={"get": [rule(effect="read", gone=lambda r: is_bad(r["text"]) or includes(known, r["text"]))]},
)
`);
});

test("what a tool answered is known for what it is, in a rule and in helpers that are given nothing else", () => {
  const profile = profileProgramOf(`import { profile, type RawResult } from "offstage";
const isGone = (r: RawResult) => r.isError && isOf(r, "gone");
const isOf = (r: RawResult, word: string) => r.text === \`\${word}: \${r.text}\`;
const isEither = (r: RawResult) => r.isError && r.text.startsWith("x");
const turned = (r: RawResult) => { const n = [r].map((other) => other.isError && other.text === ""); return n.at(0) === true; };
export default profile("some-server@1", { get: [{ gone: isGone, failed: (r) => isEither(r) || turned(r), refused: (r) => isOf(r, r.text) || isEither({ ...r, text: "a" }), pages: { by: "none", items: (page) => page.items } }] });`);
  const text = String(printProfile("some-server", profile).content);
  expect(text.slice(text.indexOf("def "), text.indexOf("PROFILE")).trimEnd()).toBe(`def is_gone(r: RawResult) -> bool:
    return r["isError"] and is_of(r, "gone")


def is_of(r: RawResult, word: str) -> bool:
    return r["text"] == f"{text(word)}: {r['text']}"


def is_either(r: RawResult) -> bool:
    return r["text"].startswith("x") if truthy(is_error := r["isError"]) else is_error


def turned(r: RawResult) -> bool:
    def convert(other: RawResult) -> bool:
        return other["text"] == "" if truthy(is_error := other["isError"]) else is_error

    n = map_list([r], convert)
    return at(n, 0) is True`);
  expect(text).toContain('gone=is_gone,');
});
