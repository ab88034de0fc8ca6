import { catalogueOf, lockedClass } from "offstage/tools";
import { DEFAULT_POLICY } from "offstage/model";
import { expect, test } from "vitest";
import type { ToolClass } from "../config/settings.ts";
import { pinServer } from "./pin-server.ts";
import type { LoadedProfile } from "./project-types.ts";

const { catalogue } = catalogueOf({
  server: "wiki", era: "legacy", protocolVersion: "2025-11-25", serverInfo: { name: "wiki", version: "1" },
  tools: [{ name: "get_page", annotations: { readOnlyHint: true } }, { name: "get.page" }, { name: "put_page" }],
});

function effects(classes: readonly ToolClass[], trustHints = false): Readonly<Record<string, string>> {
  const pinned = pinServer(catalogue, "wiki@1", null, { classes, policy: { ...DEFAULT_POLICY, trustHints } });
  return Object.fromEntries([...pinned.tools].map(([name, tool]) => [name, `${lockedClass(tool, null).effect} (${lockedClass(tool, null).from})`]));
}

test("what nobody vouches for is a write, a hint only counts when it is trusted", () => {
  expect(effects([])).toEqual({ get_page: "write (default)", "get.page": "write (default)", put_page: "write (default)" });
  expect(effects([], true)).toMatchObject({ get_page: "read (hint)", put_page: "write (default)" });
});

test("the settings win, the first entry that matches counts, and a dot is a dot", () => {
  const classes: readonly ToolClass[] = [{ server: "wiki", tool: "get_page", effect: "write" }, { server: "wiki", tool: "get*", effect: "read" }, { server: "other", tool: "*", effect: "read" }];
  expect(effects(classes, true)).toEqual({ get_page: "write (policy)", "get.page": "read (policy)", put_page: "write (default)" });
  expect(effects([{ server: "wiki", tool: "get.*", effect: "read" }])).toMatchObject({ get_page: "write (default)", "get.page": "read (policy)" });
});

test("tools that are called like what every object has are pinned as any other, with a profile that does not name them", () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  const odd = catalogueOf({ server: "odd", era: "legacy", protocolVersion: "2025-11-25", serverInfo: { name: "odd", version: "1" }, tools: names.map((name) => ({ name })) }).catalogue;
  const profile = { program: { rules: {} }, types: { tools: {} } } as unknown as LoadedProfile;
  const pinned = pinServer(odd, "odd@1", profile, { classes: [], policy: DEFAULT_POLICY });
  expect(new Map([...pinned.tools].map(([name, tool]) => [name, tool.classes.map(({ effect }) => effect)]))).toEqual(new Map(names.map((name) => [name, ["write"]])));
});
