import { expect, test } from "vitest";
import type { RawTool } from "./catalogue.ts";
import { toolSummary } from "./search-index.ts";
import { searchTools, wordsNowhere } from "./search-tools.ts";
import { AWKWARD, someCatalogue } from "./tools.suite.ts";

const catalogues = [
  someCatalogue([
    { name: "create_issue", description: "Create a new issue in a repository" },
    { name: "list_issues", description: "List issues", inputSchema: { properties: { assignee: { description: "login of a person" } } } },
    { name: "add_comment", description: "Say something about an issue, a pull request or a commit" },
  ], "github"),
  someCatalogue([{ name: "sendMessage", description: "Posts to a channel" }], "slack"),
];

const names = (words: string): readonly string[] => searchTools(catalogues, words).map(({ server, tool }) => `${server}.${tool}`);

test("a word in a name is worth more than one in a description", () => {
  expect(names("issue")).toHaveLength(3);
  expect(names("issue").at(-1)).toBe("github.add_comment");
  expect(names("create issue")[0]).toBe("github.create_issue");
});

test("names are read word by word, plural and case do not matter, beginnings count", () => {
  expect(names("MESSAGES")[0]).toBe("slack.sendMessage");
  expect(names("comm")).toEqual(["github.add_comment"]);
});

test("what means the same finds it too, said in one word or in two, but what was said itself comes first", () => {
  expect(names("raise a bug")[0]).toBe("github.create_issue");
  expect(names("pr")).toEqual(["github.add_comment"]);
  expect(names("tell")[0]).toBe("slack.sendMessage");
});

test("who asks for a list is not given what deletes before it", () => {
  const tools = someCatalogue([{ name: "drop_collection", description: "Drop a collection" }, { name: "collection_indexes", description: "Collection indexes" }, { name: "list_collections", description: "Collections of all databases that there are, with much more than the others say" }], "db");
  expect(searchTools([tools], "show collections").map(({ tool }) => tool)).toEqual(["list_collections", "collection_indexes", "drop_collection"]);
});

test("arguments and servers are found too", () => {
  expect(names("assignee")).toEqual(["github.list_issues"]);
  expect(names("login")).toEqual(["github.list_issues"]);
  expect(names("slack")).toEqual(["slack.sendMessage"]);
});

test("what is called as its server means the server: it does not stand for other words there", () => {
  const files = someCatalogue([{ name: "create_directory", description: "Create a new directory" }, { name: "write_file", description: "Create a new file or overwrite an existing one" }], "files");
  expect(searchTools([files], "write a file")[0]?.tool).toBe("write_file");
});

test("words of which nothing is there are told apart from those that say nothing", () => {
  expect(wordsNowhere(catalogues, ["send", "a", "fax", "to", "slack", "--"])).toEqual(["fax"]);
});

test("what is nowhere finds nothing, and neither do no words or no tools", () => {
  expect(names("kubernetes")).toEqual([]);
  expect(names(" -- ")).toEqual([]);
  expect(searchTools([], "issue")).toEqual([]);
});

test("real tools are found by what one would ask for, no more than the limit", () => {
  const all = Object.entries(AWKWARD).map(([server, tools]) => someCatalogue(tools, server));
  expect(searchTools(all, "list pull requests")[0]?.tool).toBe("list_pull_requests");
  expect(searchTools(all, "merge request gitlab")[0]?.tool).toBe("create_merge_request");
  expect(searchTools(all, "the a of", 2).length).toBeLessThanOrEqual(2);
});

test("what several servers offer alike is found once, of the one that fits best, and names the others", () => {
  const tool = (description: string, argument: string): RawTool => ({ description, inputSchema: { type: "object", properties: { [argument]: { type: "string" } } }, annotations: { title: argument + description } });
  const account = (server: string, argument = "text", says = "Send a message"): { readonly server: string; readonly tools: ReadonlyMap<string, RawTool> } => ({ server, tools: new Map([["send_message", tool(says, argument)], ["send_picture", tool("Send a picture in a message", argument)]]) });
  const found = (words: string, limit = 9) => searchTools([account("chat-home"), account("chat-work"), account("chat-old", "body"), { ...account("chat-new", "text", "Send a message at once"), tools: account("x", "text", "Send a message at once").tools }], words, limit).map((one) => `${one.server}.${one.tool} ${one.alsoOf.join()}`);
  expect(found("send message", 3)).toEqual(["chat-home.send_message chat-work", "chat-old.send_message ", "chat-new.send_message "]);
  expect(found("send message at work")[0]).toBe("chat-work.send_message chat-home");
  // The same tool of three, where the limit is reached before the third.
  expect(found("picture", 1)).toEqual(["chat-home.send_picture chat-new,chat-work"]);
});

test("two tools of one server that look alike are two", () => {
  const alike: RawTool = { description: "Send a message", inputSchema: { type: "object" } };
  expect(searchTools([{ server: "a", tools: new Map([["send", alike], ["send_message", alike]]) }], "send").map(({ tool, alsoOf }) => [tool, alsoOf])).toEqual([["send", []], ["send_message", []]]);
});

test("a tool that its server calls deprecated comes after one that does the same, and its short form says so", () => {
  const tool = (description: string): RawTool => ({ description, inputSchema: { type: "object" } });
  const old = tool("Read the complete contents of a file as text. DEPRECATED: Use read_text_file instead.");
  const tools = new Map([["read_file", old], ["read_text_file", tool("Read the complete contents of a file from the file system as text.")], ["find_deprecated", tool("Finds calls of deprecated functions in a file to read.")]]);
  expect(searchTools([{ server: "files", tools }], "read a file").map(({ tool: name }) => name).filter((name) => name !== "find_deprecated")).toEqual(["read_text_file", "read_file"]);
  expect(toolSummary(old)).toBe("(deprecated) Read the complete contents of a file as text.");
  expect(toolSummary(tool("Finds calls of deprecated functions."))).toBe("Finds calls of deprecated functions.");
});
