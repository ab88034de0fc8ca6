import type { Client } from "@modelcontextprotocol/client";
import { expect, test } from "vitest";
import { readList } from "./read-list.ts";

const TOOLS = { method: "tools/list", member: "tools", key: "name" } as const;

/** A server whose pages say how they go on. */
function serverOf(pages: (cursor: string | undefined) => object): { readonly client: Client; readonly asked: (string | undefined)[] } {
  const asked: (string | undefined)[] = [];
  const request = ({ params }: { readonly params: { readonly cursor?: string } }): Promise<object> => (asked.push(params.cursor), Promise.resolve(pages(params.cursor)));
  return { client: { request } as unknown as Client, asked };
}

const read = (client: Client): ReturnType<typeof readList> => readList("shop", client, TOOLS, new AbortController().signal);

test("all pages are one list, in order, for as long as the first one says that it holds", async () => {
  const { client, asked } = serverOf((cursor = "0") => ({ tools: [{ name: `tool-${cursor}` }], ttlMs: 1_000 + Number(cursor), ...(cursor === "2" ? {} : { nextCursor: String(Number(cursor) + 1) }) }));
  expect(await read(client)).toEqual({ items: [{ name: "tool-0" }, { name: "tool-1" }, { name: "tool-2" }], ttlMs: 1_000 });
  expect(asked).toEqual([undefined, "1", "2"]);
});

test.each<[string, (cursor: string | undefined) => object, number]>([
  ["comes back to a page", () => ({ tools: [], nextCursor: "again" }), 2],
  ["always has another page", (cursor = "0") => ({ tools: [], nextCursor: String(Number(cursor) + 1) }), 200],
  ["is larger than a message may be", (cursor = "0") => ({ tools: [{ name: `tool-${cursor}`, description: "x".repeat(20_000_000) }], nextCursor: String(Number(cursor) + 1) }), 4],
])("a list that %s is not read to the end", async (_what, pages, most) => {
  const { client, asked } = serverOf(pages);
  await expect(read(client)).rejects.toMatchObject({ code: "SERVER_PROTOCOL", message: expect.stringContaining("never ends its list of tools") as string });
  expect(asked).toHaveLength(most);
});
