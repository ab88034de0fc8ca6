import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { plainJson } from "../config/plain-json.ts";

/** What a file of another client holds; why it is of no use is in our own words, never in its. */
export type ClientData = { readonly kind: "data"; readonly data: unknown } | { readonly kind: "absent" } | { readonly kind: "useless"; readonly why: string };

/** Claude Code keeps the history of its projects beside their servers. */
const MAX_BYTES = 16 << 20;

/**
 * Reads a file that somebody else wrote, or put in the place of one: only a file, of a bounded size. The messages of parsers quote
 * the text, which may be anybody's secret: they are not told.
 */
export async function readClientFile(path: string, syntax: "json" | "toml"): Promise<ClientData> {
  let text: string | null;
  try {
    text = readText(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    return code === "ENOENT" || code === "ENOTDIR" ? { kind: "absent" } : { kind: "useless", why: code === "" ? "it is not UTF-8 text" : `it cannot be read (${code})` };
  }
  if (text === null) return { kind: "useless", why: `it is no file of at most ${MAX_BYTES >> 20} MiB` };
  if (text.trim() === "") return { kind: "absent" };
  try {
    return { kind: "data", data: syntax === "json" ? parseJson(text) : await parseToml(text) };
  } catch {
    return { kind: "useless", why: `it is not valid ${syntax === "json" ? "JSON" : "TOML"}` };
  }
}

/** Null for what is no file, or too large. A pipe that stands there is not waited for. */
function readText(path: string): string | null {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile() || found.size > MAX_BYTES) return null;
    const bytes = Buffer.alloc(found.size);
    let size = 0;
    while (size < bytes.length) {
      const read = readSync(file, bytes, size, bytes.length - size, size);
      if (read === 0) break;
      size += read;
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, size));
  } finally {
    closeSync(file);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(plainJson(text));
  }
}

async function parseToml(text: string): Promise<unknown> {
  const { parse } = await import("smol-toml");
  return parse(text, { integersAsBigInt: "asNeeded", maxDepth: 50 });
}
