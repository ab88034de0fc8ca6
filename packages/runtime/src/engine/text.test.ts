import { describe, expect, it } from "vitest";
import { runBody } from "../testing/fake-run.ts";

async function value(body: string): Promise<unknown> {
  const { result } = await runBody(`return ${body};`);
  if (result.error !== null) throw new Error(result.error.message);
  return result.output;
}

describe("text in and out of other systems", () => {
  it.each([
    [`capture("key PROD-1 and PROD-2", /[A-Z]+-\\d+/)`, "PROD-1"],
    [`capture("**Key**: PROD-1\\n**Key**: FAKE-1", /^\\*\\*Key\\*\\*: ([A-Z]+-\\d+)$/m)`, "PROD-1"],
    [`captures("a=1, b=2", /(?<k>\\w)=(?<v>\\d)/g)`, [{ k: "a", v: "1" }, { k: "b", v: "2" }]],
    [`captures("none", /(?<k>\\d)/, { count: 0 })`, []],
    [`lines("a\\r\\nb\\rc\\n\\nd\\n")`, ["a", "b", "c", "", "d"]],
    [`lines("")`, []],
    [`parseCsv('name,note\\r\\n"Ann, B","say ""hi""\\nthere"\\nBob,\\n')`, [{ name: "Ann, B", note: 'say "hi"\nthere' }, { name: "Bob", note: "" }]],
    [`parseCsv("\\ufeffa;b\\n1;2\\n\\n3", { separator: ";" })`, [{ a: "1", b: "2" }, { a: "3" }]],
    [`chunk([1, 2, 3, 4, 5], 2)`, [[1, 2], [3, 4], [5]]],
    [`range(3)`, [0, 1, 2]],
    [`[...groupBy(["a", "bb", "c"], (x) => String(x.length)).entries()]`, [["1", ["a", "c"]], ["2", ["bb"]]]],
    [`hash({ b: 1, a: [null, "x"] }) === hash({ a: [null, "x"], b: 1 })`, true],
    [`hash({ b: 1, a: [null, "x"] }).length`, 64],
    [`iso(time("2024-02-29T12:00:00.5+02:00"))`, "2024-02-29T10:00:00.500Z"],
    [`iso(time("2024-02-29") + duration("90m"))`, "2024-02-29T01:30:00.000Z"],
    [`quote.jql('a "b" \\\\ \\n\\u0001')`, '"a \\"b\\" \\\\ \\n\\u0001"'],
    [`quote.graphql('a "b"')`, '"a \\"b\\""'],
    [`quote.sql("O'Neil \\\\")`, "'O''Neil \\'"],
    [`quote.html('<a href="x">\\'&')`, "&lt;a href=&quot;x&quot;&gt;&#39;&amp;"],
    [`quote.url("a b/c?d=(1)*'!")`, "a%20b%2Fc%3Fd%3D%281%29%2A%27%21"],
    [`quote.slack("<!channel> & co")`, "&lt;!channel&gt; &amp; co"],
    [`quote.markdown("# x\\n**Key**: [y](z) \`c\` <b>")`, "\\# x \\*\\*Key\\*\\*: \\[y\\]\\(z\\) \\`c\\` \\<b\\>"],
  ])("%s", async (body, expected) => {
    expect(await value(body)).toEqual(expected);
  });

  it.each([
    [`capture("${"long ".repeat(200)}", /\\d/)`, "CAPTURE_NOT_FOUND"], [`captures("a1", /(?<d>\\d)/, { count: 2 })`, "CAPTURE_NOT_FOUND"], [`parseCsv('"a')`, "TYPE_ERROR"], [`time("tomorrow")`, "TYPE_ERROR"], [`time("2024-02-31")`, "TYPE_ERROR"], [`fail("because")`, "FAILED"],
  ])("%s fails", async (body, code) => {
    const { result } = await runBody(`return ${body};`);
    expect(result.error).toMatchObject({ code });
    expect(result.error?.message.length).toBeLessThan(400);
  });
});
