import type { Said } from "./faulty-service.ts";
import type { ProvenCall } from "./prove-profile.ts";

/** Statuses by which Notion says that it did not do what it was asked for, and ends of a request that leave it open. */
const REFUSALS = ["s400", "s401", "s403", "s404", "s409", "s429"];
const OPEN = ["s408", "s500", "s502", "s503", "s504", "drop", "broken"];

const words = [{ type: "text", text: { content: "b" } }];

/** The word is part of the identifier, or of a text where there is none. */
const WRITES: readonly (readonly [tool: string, args: (word: string) => object])[] = [
  ["API-post-page", (word) => ({ parent: { page_id: "p" }, properties: { title: { title: [{ text: { content: `{"status":400} ${word}` } }] } } })],
  ["API-patch-page", (word) => ({ page_id: word, in_trash: true })], ["API-move-page", (word) => ({ page_id: word, parent: { page_id: "p", type: "page_id" } })],
  ["API-update-page-markdown", (word) => ({ page_id: word, type: "replace_content", replace_content: { new_str: "m" } })],
  ["API-patch-block-children", (word) => ({ block_id: word, children: [{ paragraph: { rich_text: words } }] })], ["API-update-a-block", (word) => ({ block_id: word, archived: false })], ["API-delete-a-block", (word) => ({ block_id: word })],
  ["API-create-a-comment", (word) => ({ parent: { page_id: word }, rich_text: words })],
  ["API-create-a-data-source", (word) => ({ parent: { database_id: word }, properties: {} })], ["API-update-a-data-source", (word) => ({ data_source_id: word, title: words })],
];

const READS: readonly (readonly [tool: string, args: object])[] = [
  ["API-get-self", {}], ["API-get-users", {}], ["API-post-search", { query: "drop" }], ["API-retrieve-a-page-property", { page_id: "there", property_id: "list" }], ["API-retrieve-a-comment", { block_id: "there" }],
  ["API-query-data-source", { data_source_id: "there", filter: { property: "s500" } }], ["API-query-data-source", { data_source_id: "gone" }], ["API-list-data-source-templates", { data_source_id: "there" }],
];

const PAGED: readonly (readonly [tool: string, args: object])[] = [
  ["API-post-search", { query: "x" }], ["API-get-users", {}], ["API-get-block-children", { block_id: "paged" }], ["API-query-data-source", { data_source_id: "paged" }], ["API-list-data-source-templates", { data_source_id: "paged" }],
  ["API-retrieve-a-comment", { block_id: "paged" }], ["API-retrieve-a-page-property", { page_id: "paged", property_id: "list" }],
];

const SINGLE: readonly (readonly [tool: string, args: (id: string) => object])[] = [
  ["API-get-user", (user_id) => ({ user_id })], ["API-retrieve-a-page", (page_id) => ({ page_id })], ["API-retrieve-page-markdown", (page_id) => ({ page_id })], ["API-retrieve-a-page-property", (page_id) => ({ page_id, property_id: "title" })],
  ["API-retrieve-a-block", (block_id) => ({ block_id })], ["API-get-block-children", (block_id) => ({ block_id })], ["API-retrieve-a-data-source", (data_source_id) => ({ data_source_id })], ["API-retrieve-a-database", (database_id) => ({ database_id })],
];

/** Every tool of Notion's server, called so that the service fails in each way. */
export function notionCalls(): readonly ProvenCall[] {
  return [
    ...READS.map(([tool, args]): ProvenCall => ({ tool, args, is: "read" })),
    ...SINGLE.flatMap(([tool, args]): readonly ProvenCall[] => [{ tool, args: args("there"), is: "answered" }, { tool, args: args("gone"), is: "gone" }]),
    ...PAGED.map(([tool, args]): ProvenCall => ({ tool, args, is: "answered", pages: { items: 2, pages: 2 } })),
    ...WRITES.flatMap(([tool, args]) => [
      ...REFUSALS.map((word): ProvenCall => ({ tool, args: args(word), is: "refused" })), ...OPEN.map((word): ProvenCall => ({ tool, args: args(word), is: "open" })), { tool, args: args("s200"), is: "written" as const },
    ]),
  ];
}

const CODES: Readonly<Record<number, string>> = { 400: "validation_error", 401: "unauthorized", 403: "restricted_resource", 404: "object_not_found", 409: "conflict_error", 429: "rate_limited", 500: "internal_server_error", 503: "service_unavailable" };
const ID = "9a3b5ae0-c6e6-482d-b0e1-ed315ee6dc57";

/** What Notion says; of what it did, something of everything. */
export function notionMessage(status: number, path: string): object {
  if (status === 200) return path.endsWith("/children") ? { object: "list", results: [{ object: "block", id: ID }] } : { object: "page", id: ID, url: "https://www.notion.so/x", markdown: "m" };
  // What stands before Notion has words of its own.
  return status === 502 || status === 504 || status === 408 ? { title: "Bad gateway" } : { object: "error", status, code: CODES[status], message: "As Notion says", request_id: ID };
}

/** Things that are there, and none under `gone`. */
export function notionReads(path: string, { start_cursor: cursor, page_size: size }: Said): unknown {
  if (/\/gone(?:\/|$)/.test(path)) return undefined;
  if (!/\/(?:search|query|users|children|comments|list|templates)$/.test(path)) return { object: "page", id: ID };
  // Two pages of one each, for who asks for as many as there may be.
  const has_more = cursor === undefined && String(size) === "100";
  const results = [{ object: "block", id: has_more ? ID : `${ID}-2` }];
  return { object: "list", ...(path.endsWith("/templates") ? { templates: results } : { results }), next_cursor: has_more ? "c" : null, has_more };
}

/** These only ask, by POST. */
export function notionAsks(path: string): boolean {
  return path.endsWith("/v1/search") || path.endsWith("/query");
}
