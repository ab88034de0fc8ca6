import { readdirSync, readFileSync } from "node:fs";
import { type Catalogue, catalogueOf } from "offstage/tools";
import type { Data } from "offstage/base";

const FOLDER = new URL("catalogues/", import.meta.url);

/** The lists of twenty real servers, as they answered; `conformance/catalogues/README.md` says where they come from. */
export interface RealList {
  readonly catalogue: Catalogue;
  readonly package: string;
  readonly instructions: string | null;
  /** The list as a client that loads every tool hands it to a model. */
  readonly text: string;
}

export function realLists(): readonly RealList[] {
  return readdirSync(FOLDER).filter((file) => file.endsWith(".json")).map((file) => {
    const list = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as ListFile;
    const { catalogue } = catalogueOf({ server: file.slice(0, -".json".length), era: "legacy", protocolVersion: list.protocolVersion, serverInfo: list.serverInfo, tools: list.tools });
    return { catalogue, package: list.package, instructions: list.instructions ?? null, text: JSON.stringify(list.tools) };
  });
}

interface ListFile {
  readonly package: string;
  readonly protocolVersion: string;
  readonly serverInfo: { readonly [field: string]: Data };
  readonly instructions?: string;
  readonly tools: readonly Data[];
}
