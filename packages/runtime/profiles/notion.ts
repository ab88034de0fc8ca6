import { fail, profile, type RawResult as Reply } from "offstage";

/**
 * What `@notionhq/notion-mcp-server` does not say about itself; written by reading and running 2.5.2, which makes its tools from Notion's
 * OpenAPI. Each is one request. It has no resources; Notion's own remote server has other tools. Without a type argument: a project may
 * call the server what it likes.
 *
 * What to know besides: Notion's errors come as successes; a text in the arguments that is JSON (`["a"]` as a title) is sent as what it says;
 * Notion does not say how soon its lists show what was written, so a list in which something is missing proves nothing.
 */

// Notion's own errors, and those of whatever stands before it, whose status is "error".
const isError = (r: Reply) => r.data !== null && (r.data.object === "error" || r.data.status === "error");

// Notion did not do it: the request was wrong (400), not allowed (401, 403), of nothing (404), met another one (409), or came too fast (429).
// Its 5xx and the server's own errors ("socket hang up") may have happened. Without a connection nothing was sent.
const denied = (r: Reply) => (r.isError ? /^(?:connect ECONNREFUSED |getaddrinfo (?:ENOTFOUND|EAI_AGAIN) )/.test(r.text) : r.data.object === "error" && [400, 401, 403, 404, 409, 429].includes(r.data.status));

// It may also be that the page was not shared with the integration.
const missing = (r: Reply) => r.data !== null && r.data.object === "error" && r.data.code === "object_not_found";

// Half an answer comes as a text.
const written = (r: Reply): { readonly id: string; readonly url: string | null } => ({ id: r.data.id ?? fail("Notion did not say what it wrote."), url: r.data.url ?? null });

const appended = (r: Reply): { readonly ids: readonly string[] } => ({ ids: r.data.results.map((block: { readonly id: string }) => block.id) });

const read = { effect: "read" as const };
const write = { effect: "write" as const };
const pages = { by: "cursor" as const, param: "start_cursor", size: ["page_size", 100] as const };
const isGoing = (r: { readonly has_more: boolean; readonly next_cursor: string | null }) => (r.has_more ? r.next_cursor : null);

const pageReads = ["API-retrieve-a-page", "API-retrieve-a-page-property", "API-post-search", "API-query-data-source"];
const blockReads = ["API-retrieve-a-block", "API-get-block-children", "API-retrieve-page-markdown"];
const sourceReads = ["API-retrieve-a-data-source", "API-retrieve-a-database", "API-post-search", "API-query-data-source"];

export default profile("@notionhq/notion-mcp-server@2", {
  "API-get-self": { ...read, failed: isError },
  "API-get-user": { ...read, failed: isError, gone: missing },
  "API-get-users": { ...read, failed: isError, pages: { ...pages, items: (r) => r.results, next: isGoing } },
  // Reads by POST. An index that follows in its own time, and of which Notion says that it is not whole.
  "API-post-search": { ...read, failed: isError, pages: { ...pages, items: (r) => r.results, next: isGoing } },

  "API-retrieve-a-page": { ...read, failed: isError, gone: missing },
  "API-retrieve-page-markdown": { ...read, failed: isError, gone: missing },
  // Only a property that is a list comes in pages.
  "API-retrieve-a-page-property": { ...read, failed: isError, gone: missing, pages: { ...pages, items: (r) => r.results, next: isGoing } },
  "API-post-page": { ...write, undo: "put it in the trash", failed: isError, refused: denied, result: written, affects: [...pageReads, ...blockReads] },
  // Sets what it names.
  "API-patch-page": { ...write, idempotent: true, failed: isError, refused: denied, result: written, affects: [...pageReads, ...blockReads] },
  "API-move-page": { ...write, undo: "move it back", failed: isError, refused: denied, result: written, affects: [...pageReads, ...blockReads] },
  // What it looks for is not there the second time, or there twice.
  "API-update-page-markdown": { ...write, undo: "none", failed: isError, refused: denied, result: (r) => ({ id: written(r).id, markdown: String(r.data.markdown) }), affects: [...pageReads, ...blockReads] },

  "API-retrieve-a-block": { ...read, failed: isError, gone: missing },
  "API-get-block-children": { ...read, failed: isError, gone: missing, pages: { ...pages, items: (r) => r.results, next: isGoing } },
  // All of them or none.
  "API-patch-block-children": { ...write, undo: "delete the blocks", failed: isError, refused: denied, result: appended, affects: blockReads },
  "API-update-a-block": { ...write, idempotent: true, failed: isError, refused: denied, result: written, affects: blockReads },
  // Into the trash, from where `archived: false` brings it back. A second time it is not found.
  "API-delete-a-block": { ...write, undo: "update it with archived: false", failed: isError, refused: denied, result: written, affects: [...blockReads, ...pageReads] },

  "API-retrieve-a-comment": { ...read, failed: isError, pages: { ...pages, items: (r) => r.results, next: isGoing } },
  // No tool takes it away again.
  "API-create-a-comment": { ...write, undo: "none", failed: isError, refused: denied, result: written, affects: ["API-retrieve-a-comment"] },

  // Reads by POST.
  "API-query-data-source": { ...read, failed: isError, pages: { ...pages, items: (r) => r.results, next: isGoing } },
  "API-retrieve-a-data-source": { ...read, failed: isError, gone: missing },
  "API-list-data-source-templates": { ...read, failed: isError, pages: { ...pages, items: (r) => r.templates, next: isGoing } },
  "API-retrieve-a-database": { ...read, failed: isError, gone: missing },
  "API-create-a-data-source": { ...write, undo: "none", failed: isError, refused: denied, result: written, affects: sourceReads },
  // A property that was given another name is not found the second time.
  "API-update-a-data-source": { ...write, undo: "none", idempotent: (a) => a.properties === undefined, failed: isError, refused: denied, result: written, affects: [...sourceReads, ...pageReads] },

  // Notion's limit for one integration: three requests a second on average.
  "*": { rate: { perSecond: 3, concurrent: 3 }, names: { APIPostSearchItem: "FoundObject", APIQueryDataSourceItem: "Row", APIRetrieveAPageResult: "Page", APIGetUsersItem: "User" } },
}, { hosts: ["api.notion.com"] });
