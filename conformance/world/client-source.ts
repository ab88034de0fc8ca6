import type { Data } from "offstage/base";
import type { ClientSource } from "offstage/exporters/python";
import { catalogueOf, classesOf, EMPTY_LOCK, type Lock, lockServer, NOTHING_LEARNT, type ProfileTypeInfo, withServer } from "offstage/tools";

const STRING = { type: "string" };
const NUMBER = { type: "number" };
const BOOLEAN = { type: "boolean" };
const list = (items: Data): Data => ({ type: "array", items });
const object = (properties: { readonly [name: string]: Data }, optional: readonly string[] = []): Data => ({ type: "object", properties, required: Object.keys(properties).filter((name) => !optional.includes(name)) });
const tool = (name: string, inputSchema: Data, outputSchema: Data): Data => ({ name, inputSchema, outputSchema });

/** The tools of the world as servers with schemas tell of them. */
const TOOLS: { readonly [server: string]: readonly Data[] } = {
  repo: [tool("list_items", object({ state: STRING }, ["state"]), list(object({ id: STRING, title: STRING, text: STRING }, ["text"]))), tool("merge", object({ id: STRING }), object({ merged: BOOLEAN }))],
  tracker: [
    tool("search", object({ label: STRING }), list(object({ key: STRING, summary: STRING }))), tool("get", object({ key: STRING }), object({ key: STRING, summary: STRING, status: STRING })),
    tool("create", object({ label: STRING, summary: STRING }), object({ key: STRING })), tool("update", object({ key: STRING, summary: STRING }), object({ text: STRING })),
    tool("close", object({ key: STRING }), object({ text: STRING })), tool("reopen", object({ key: STRING }), object({ text: STRING })),
  ],
  chat: [tool("send", object({ text: STRING }), object({ text: STRING }))],
  shop: [
    tool("goods", object({ page: NUMBER, size: NUMBER }, ["page", "size"]), object({ goods: list(STRING) })), tool("orders", object({ offset: NUMBER }, ["offset"]), list(STRING)),
    tool("events", object({ cursor: STRING }, ["cursor"]), object({ events: list(STRING), next: { type: ["string", "null"] } })), tool("best", object({}), object({ best: list(STRING), more: BOOLEAN })),
    tool("stock", object({}), object({ goods: list(STRING), serial: NUMBER })), tool("note", object({}), object({ text: STRING, content: list(object({ type: STRING })) })),
    tool("account", object({ as: STRING }), {}), tool("price-of", object({ item: STRING }), object({ price: NUMBER })), tool("has", object({ item: STRING }), object({ has: BOOLEAN })),
    tool("buy", object({ item: STRING }), object({ item: STRING })), tool("draft", object({ item: STRING }), object({ draft: STRING })),
    tool("book", object({ action: STRING, item: STRING }), object({ booked: BOOLEAN })), tool("ring", object({}), object({ text: STRING })),
  ],
};

const PAGED = (...path: readonly string[]): ProfileTypeInfo["tools"][string] => [{ when: [], pages: { path } }];
const TYPES: readonly ProfileTypeInfo[] = [
  { server: "repo", names: { ListItemsItem: "Item" }, tools: { list_items: PAGED() } },
  { server: "tracker", names: { SearchItem: "Found", GetResult: "Ticket" }, tools: { search: PAGED() } },
  { server: "shop", names: {}, tools: { goods: PAGED("goods"), orders: PAGED(), events: PAGED("events"), best: PAGED("best") } },
];

/** What clients of the world are printed from. */
export function worldSource(): ClientSource {
  const lock = Object.entries(TOOLS).reduce<Lock>((all, [server, tools]) => {
    const { catalogue } = catalogueOf({ server, era: "legacy", protocolVersion: "2025-11-25", serverInfo: { name: server, version: "1" }, tools });
    return withServer(all, server, lockServer(catalogue, `${server}@1`, (_, one) => classesOf(one, { rules: [], trustHints: false })));
  }, EMPTY_LOCK);
  return { lock, learnt: NOTHING_LEARNT, profiles: TYPES.map((types) => ({ server: types.server, types })) };
}
