import type { Data } from "../../base/index.ts";

/**
 * Parameters that a tool wants repeated as HTTP headers, so that what stands in front of a server can tell calls apart without reading them
 * (MCP 2026-07-28, streamable HTTP, "Custom Headers from Tool Parameters"). The SDK does it in a call of its own that drops
 * what its schemas do not know, and exports no part of it.
 */
export type HeaderParams = { readonly ok: true; readonly params: readonly HeaderParam[] } | { readonly ok: false; readonly why: string };

/** One of them. */
export interface HeaderParam {
  /** Members of the arguments that lead to it. */
  readonly path: readonly string[];
  /** Behind `Mcp-Param-`, as the tool writes it. */
  readonly name: string;
}

type Fields = { readonly [name: string]: Data };

const MARK = "x-mcp-header";
/** RFC 9110, 5.1: a token. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const TYPES: ReadonlySet<Data | undefined> = new Set(["string", "integer", "boolean"]);

/** What an input schema marks. A tool whose marks break a rule is one that a client over HTTP must not use. */
export function headerParams(schema: Data | undefined): HeaderParams {
  const params: HeaderParam[] = [];
  const faults: string[] = [];
  const visit = (node: Data | undefined, path: readonly string[], isReached: boolean): void => {
    if (!isFields(node)) {
      if (Array.isArray(node)) for (const item of node as readonly Data[]) visit(item, path, false);
      return;
    }
    if (MARK in node) mark(node, path, isReached);
    for (const [name, child] of Object.entries(node)) {
      if (name !== "properties") visit(child, path, false);
      else if (isFields(child)) for (const [property, its] of Object.entries(child)) visit(its, [...path, property], isReached);
    }
  };
  const mark = (node: Fields, path: readonly string[], isReached: boolean): void => {
    const name = node[MARK];
    const where = path.length === 0 ? "the schema itself" : path.join(".");
    if (!isReached || path.length === 0) faults.push(`${where} is not reached by properties alone`);
    else if (typeof name !== "string" || !TOKEN.test(name)) faults.push(`the header of ${where} is no name of a header`);
    else if (!TYPES.has(node["type"])) faults.push(`${where} is no text, integer or boolean`);
    else if (params.some((other) => other.name.toLowerCase() === name.toLowerCase())) faults.push(`two parameters have the header ${name}`);
    else params.push({ path, name });
  };
  visit(schema, [], true);
  return faults.length === 0 ? { ok: true, params } : { ok: false, why: faults[0] ?? "" };
}

/** The headers of one call. What is absent or null has none. */
export function paramHeaders(params: readonly HeaderParam[], args: Fields): Readonly<Record<string, string>> {
  return Object.fromEntries(params.flatMap(({ path, name }) => {
    const value = path.reduce<Data | undefined>((node, member) => (isFields(node) && Object.hasOwn(node, member) ? node[member] : undefined), args);
    const isPlain = typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)));
    return isPlain ? [[`Mcp-Param-${name}`, fieldValue(String(value))]] : [];
  }));
}

/** A text as the value of a header: as it is where that is safe (RFC 9110, 5.5), else its UTF-8 in base64, marked. */
function fieldValue(text: string): string {
  const isSafe = /^[\t\x20-\x7e]+$/.test(text) && text.trim() === text && !/^=\?base64\?.*\?=$/.test(text);
  return isSafe ? text : `=?base64?${Buffer.from(text).toString("base64")}?=`;
}

function isFields(value: Data | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
