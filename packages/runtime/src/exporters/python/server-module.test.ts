import fc from "fast-check";
import { expect, test } from "vitest";
import type { Data } from "../../base/index.ts";
import { catalogueOf, classesOf, EMPTY_LOCK, lockServer, NOTHING_LEARNT, type ProfileTypeInfo, withResult, withServer } from "../../tools/index.ts";
import { docstring } from "./docstring.ts";
import { printServers } from "./server-module.ts";

function printed(tools: readonly Data[], uses: readonly string[], more: { readonly types?: ProfileTypeInfo; readonly seen?: readonly (readonly [tool: string, value: Data])[] } = {}): string {
  const { catalogue } = catalogueOf({ server: "demo", era: "legacy", protocolVersion: "2025-11-25", serverInfo: { name: "demo", version: "1" }, tools });
  const lock = withServer(EMPTY_LOCK, "demo", lockServer(catalogue, "demo@1", (_, tool) => classesOf(tool, { rules: [], trustHints: false })));
  const learnt = (more.seen ?? []).reduce((all, [tool, value]) => withResult(all, { server: "demo", tool, case: "*" }, value), NOTHING_LEARNT);
  const [, module] = printServers({ lock, learnt, profiles: more.types === undefined ? [] : [{ server: "demo", types: more.types }] }, new Map([["demo", new Map(uses.map((name) => [name, { isGivenWhole: false }]))]]));
  return String(module?.content);
}

const list = { name: "list_items", description: "Lists items.", inputSchema: { type: "object", properties: { owner: { type: "string", description: "Whose." }, page: { type: "integer" } }, required: ["owner"] } };

test("a tool is a class whose calls take its arguments by name; its pages are one list", () => {
  const types: ProfileTypeInfo = { server: "demo", names: { ListItemsItem: "Item" }, tools: { list_items: [{ when: [], pages: { path: [] } }] } };
  expect(printed([list], ["list_items"], { types, seen: [["list_items", [{ id: 1, user: { login: "a" } }, { id: 2, user: { login: "b" }, note: null }]]] })).toBe(`"""demo@1 (demo 1)"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal, NotRequired, TypedDict, Unpack

from offstage import Pages, Prompt, Resource, Tool
from offstage.javascript import Undefined


class Item(TypedDict):
    id: float
    note: NotRequired[None]
    user: ItemUser


class ListItemsArgs(TypedDict):
    owner: str
    """Whose."""
    page: NotRequired[float | Undefined]


class ItemUser(TypedDict):
    login: str


ListItemsResult: TypeAlias = list[Item]


class ListItemsPages(Pages):
    """All pages of it, as one list."""

    def __call__(self, /, **arguments: Unpack[ListItemsArgs]) -> Awaitable[list[Item]]:
        return self.read(arguments)


class ListItemsTool(Tool):
    """Lists items.

    (write)
    """

    def __call__(self, /, **arguments: Unpack[ListItemsArgs]) -> Awaitable[ListItemsResult]:
        return self.call(arguments)

    def pages(
        self,
        *,
        max: float | None = None,
        until: Callable[[Item], bool] | None = None,
        truncate: Literal["allow"] | None = None,
    ) -> ListItemsPages:
        return ListItemsPages(self, max, until, truncate)


SERVER = "demo"
read = Resource(SERVER)
prompt = Prompt(SERVER)

list_items = ListItemsTool(SERVER, "list_items")
`.replace("NotRequired, TypedDict, Unpack", "NotRequired, TypeAlias, TypedDict, Unpack"));
});

test("literals that a profile tells cases by are overloads, and what it makes of a result is its type", () => {
  const issues = { name: "issues", inputSchema: { type: "object", properties: { action: { type: "string", enum: ["get", "create"] }, key: { type: "string" } }, required: ["action"] } };
  const made = { kind: "object", fields: [{ name: "key", type: { kind: "string" } }] } as const;
  const types: ProfileTypeInfo = { server: "demo", names: { IssuesCreateResult: "Created" }, tools: { issues: [{ when: [{ argument: "action", equals: "create" }], result: "{ readonly key: string }", resultType: made }] } };
  const text = printed([issues], ["issues"], { types });
  expect(text).toContain("class Created(TypedDict):\n    key: str\n");
  expect(text).toContain(`def __call__(self, /, *, action: Literal["create"], **arguments: Unpack[IssuesArgs]) -> Awaitable[Created]: ...`);
  expect(text).toContain(`def __call__(self, /, *, action: Literal["get", "create"], **arguments: Unpack[IssuesArgs]) -> Awaitable[Any]: ...`);
  expect(text).not.toContain("class IssuesArgs(TypedDict):\n    action");
});

test("only the tools that are used are there, and only their types", () => {
  expect(printed([list, { name: "other", inputSchema: { type: "object", properties: { x: { type: "object", properties: { y: { type: "string" } } } } } }], ["list_items"])).not.toMatch(/other/i);
});

test("a member that Python cannot have in a class is in a dictionary of types; one that contains itself is quoted", () => {
  const node = { type: "object", properties: { class: { type: "array", items: { $ref: "#/$defs/node" } } } };
  expect(printed([{ name: "tree", inputSchema: { type: "object" }, outputSchema: { $ref: "#/$defs/node", $defs: { node } } }], ["tree"])).toContain(`Node = TypedDict("Node", {"class": NotRequired[list["Node"]]})`);
});

test("what is longer than a line is broken as ruff breaks it, and a server's margin is none of ours", () => {
  const kinds = Array.from({ length: 12 }, (_, index) => `kind-${String(index)}`);
  const text = printed([{ name: "put", inputSchema: { type: "object", properties: { kind: { enum: kinds, description: "What.\n    - one\n      more" } }, required: ["kind"] } }], ["put"]);
  expect(text).toContain(`    kind: Literal[
${kinds.map((kind) => `        "${kind}",\n`).join("")}    ]\n    """What.\n    - one\n      more\n    """\n`);
});

/** The text of a Python literal in three double quotes, as far as the one before the last line feed. */
function valueOf(literal: string): string | null {
  const found = /^"""((?:[^"\\]|\\.|"(?!"")|""(?!"))*)"""\n$/su.exec(literal);
  return found === null ? null : (found[1] ?? "").replace(/\\(.)/gs, "$1");
}

test("a comment is one literal, whatever is in it, and hides nothing", () => {
  const word = fc.constantFrom('"""', '"', "\\", "\n", "\r\n", "\u202e", "\u0000", "\ud800", "a", " ", "\t", "\\\\", '\\"');
  fc.assert(fc.property(fc.array(word, { maxLength: 20 }).map((words) => words.join("")), (words) => {
    const text = docstring(words);
    if (text === "") return words.replace(/\s/g, "") === "";
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]|\p{Surrogate}/u);
    return valueOf(text) !== null && /^(?:[^\\]|\\[\\"])*$/s.test(text);
  }), { numRuns: 2000 });
});
