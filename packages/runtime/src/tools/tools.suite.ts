import { readFileSync } from "node:fs";
import type { Data } from "../base/index.ts";
import { type ClassRule, classesOf } from "./call-classes.ts";
import { type Catalogue, catalogueOf, type RawTool } from "./catalogue.ts";
import { EMPTY_LOCK, type Lock, lockServer, withServer } from "./lock.ts";

/** Tools of real servers that each have something awkward in their schemas, by package. Texts are cut. */
export const AWKWARD = JSON.parse(readFileSync(new URL("fixtures/awkward-tools.json", import.meta.url), "utf8")) as { readonly [name: string]: readonly RawTool[] };

/** A catalogue of made-up or real tools. */
export function someCatalogue(tools: readonly Data[], server = "demo"): Catalogue {
  return catalogueOf({ server, era: "legacy", protocolVersion: "2025-11-25", serverInfo: { name: "demo-server", version: "1.2.3" }, tools }).catalogue;
}

/** A lock of one server. */
export function someLock(tools: readonly Data[], server = "demo", rules: { readonly [tool: string]: readonly ClassRule[] } = {}): Lock {
  const pinned = lockServer(someCatalogue(tools, server), "demo-server@1.2.3", (name, tool) => classesOf(tool, { rules: Object.hasOwn(rules, name) ? (rules[name] ?? []) : [], trustHints: false }));
  return withServer(EMPTY_LOCK, server, pinned);
}
