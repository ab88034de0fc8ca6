import { expect, test } from "vitest";
import { OffstageError } from "../base/index.ts";
import { programOf } from "../testing/compile-source.ts";
import { createHostWorld } from "../testing/host-world.ts";

const SOURCE = `import { each, workflow } from "offstage";
import { world } from "#servers";

const look = (id: string) => world.get({ id });

export default workflow({ name: "w", on: [], inputs: { each: false } }, async ({ inputs }) => {
  if (!inputs.each) await world.list.pages({}, { max: 2 });
  await each(["a/world.list#1", "b"], { key: (id) => id, onError: "continue" }, async (id) => {
    await look(id);
  });
});
`;

async function failed(inputs: { readonly each: boolean }, phase: "plan" | "run") {
  const refuse = (): never => {
    throw new OffstageError("READ_FAILED", "no");
  };
  const world = await createHostWorld({ get: refuse, list: refuse });
  const request = { program: programOf(SOURCE), inputs, event: { kind: "call" } as const };
  const host = world.host(1);
  const run = phase === "plan" ? (await host.plan({ ...request, cancelled: new AbortController().signal })).run : await (await host.start(request)).finished;
  await world.close();
  return run;
}

test.each(["plan", "run"] as const)("a %s that fails says at which step, and where that stands in the text", async (phase) => {
  expect((await failed({ each: false }, phase)).error).toMatchObject({ code: "READ_FAILED", step: expect.stringMatching(/^world\.list\S*#1\/page-1$/) as string, at: "test.ts:7" });
});

test("so does each item that failed, whatever its key looks like", async () => {
  const { failures } = await failed({ each: true }, "run");
  expect(failures.map(({ error }) => error)).toMatchObject([{ step: expect.stringMatching(/a.*world\.get#1$/) as string, at: "test.ts:4" }, { at: "test.ts:4" }]);
});

test.each([
  ["return (await world.get({}) as any).no.more;", "TYPE_ERROR", 5],
  ["const f = (x: any) =>\n    x.no.more;\n  const all = [1]\n    .map((n) => ({ n }));\n  return all.map((one) => f(one));", "TYPE_ERROR", 6],
  ["if (run.id !== '') {\n    try { fail('caught'); } catch { log(1); }\n    fail('not caught');\n  }", "FAILED", 7],
  ["for (const n of [1, 2]) {\n    const got = await world.get({ n }) as any;\n    log(got.no.more);\n  }", "TYPE_ERROR", 7],
] as const)("what fails beside the steps says where it stands, too: %s", async (body, code, line) => {
  const source = `import { fail, log, workflow } from "offstage";
import { world } from "#servers";

export default workflow({ name: "w", on: [] }, async ({ run }) => {
  ${body}
});
`;
  const world = await createHostWorld({ get: () => ({}) });
  const { error } = await (await world.host(1).start({ program: programOf(source), inputs: {}, event: { kind: "call" } })).finished;
  await world.close();
  expect([error?.code, error?.at, error?.step]).toEqual([code, `test.ts:${line}`, undefined]);
});
