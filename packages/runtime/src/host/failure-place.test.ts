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
