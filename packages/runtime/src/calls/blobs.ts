import { createHash } from "node:crypto";
import { type Data, OffstageError, type Redactor } from "../base/index.ts";
import type { Blobs, ContentBlock, RawReply, Rule } from "./ports.ts";
import { visiblePart } from "./sensitive.ts";
import { textsOfBytes } from "./texts-of-bytes.ts";

/** The largest binary part of a result, bytes. What is larger belongs behind a link. */
const MAX_BLOB_BYTES = 32 * 1024 * 1024;

/** Stands in a value for bytes that are kept elsewhere: a text like every other, equal when the bytes are. */
const NAME = /^blob:sha256:([0-9a-f]{64})$/;

type Fields = { readonly [name: string]: Data };

/** What binary parts are kept with. */
export interface Keeping {
  readonly blobs: Blobs;
  readonly redactor: Redactor;
  /** `server.tool`, for messages. */
  readonly what: string;
}

/**
 * The reply with its binary parts kept: those that the run will see. Nobody sees those of an error, beside structured content, or under
 * a rule that makes the result of the text. Errors as of {@link keepBytes}.
 */
export async function keepReply(reply: RawReply, rule: Rule, keeping: Keeping): Promise<RawReply> {
  if (reply.kind === "error" || reply.isError || (reply.structured ?? null) !== null || rule.result !== undefined || !reply.content.some(isBinary)) return reply;
  const content = await inTurn(reply.content, async (block) => (isBinary(block) ? keepBytes(visiblePart(block, "content", rule.sensitive), keeping) : block));
  return { ...reply, content: content as readonly ContentBlock[] };
}

/** One after the other: each part is held whole. */
export async function inTurn(parts: readonly Data[], keep: (part: Data) => Promise<Data>): Promise<readonly Data[]> {
  const kept: Data[] = [];
  for (const part of parts) kept.push(await keep(part));
  return kept;
}

/** True when a block, or what it embeds, carries bytes as base64: MCP's image, audio and embedded blob resources. */
export function isBinary(block: Data): boolean {
  return bytesMember(block) !== null || (isFields(block) && bytesMember(block["resource"] ?? null) !== null);
}

/**
 * The block with its bytes kept and named: `data` (or `blob`) becomes `blob:sha256:…`, and `bytes` says how many there are. Bytes that
 * hold a registered secret are not kept, what is no base64 stays as it came. Errors: `LIMIT_SIZE`, and those of `blobs`.
 */
export async function keepBytes(block: Data, keeping: Keeping): Promise<Data> {
  if (!isFields(block)) return block;
  const member = bytesMember(block);
  if (member !== null) return { ...block, ...(await keepMember(member, block[member] as string, keeping)) };
  const resource = block["resource"];
  return resource !== undefined && bytesMember(resource) !== null ? { ...block, resource: await keepBytes(resource, keeping) } : block;
}

/** The arguments with the bytes in the place of every name of a blob, as base64. Errors: `BLOB_MISSING`. */
export async function withBytes(args: Data, blobs: Blobs, what: string): Promise<Data> {
  if (!namesBlob(args)) return args;
  if (typeof args === "string") return base64Of(args, blobs, what);
  if (Array.isArray(args)) return Promise.all((args as readonly Data[]).map((item) => withBytes(item, blobs, what)));
  const fields = await Promise.all(Object.entries(args as Fields).map(async ([name, value]) => [name, await withBytes(value, blobs, what)] as const));
  return Object.fromEntries(fields);
}

/** Which member of a block is base64; null when none is, or it is empty. */
function bytesMember(block: Data): "data" | "blob" | null {
  if (!isFields(block)) return null;
  const name = block["type"] === "image" || block["type"] === "audio" ? "data" : "type" in block && block["type"] !== "resource" ? null : "blob";
  const text = name === null ? undefined : block[name];
  return typeof text === "string" && text !== "" && !NAME.test(text) ? name : null;
}

async function keepMember(member: "data" | "blob", text: string, { blobs, redactor, what }: Keeping): Promise<Fields> {
  const plain = text.replaceAll(/\s/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(plain)) return {};
  const bytes = Buffer.from(plain, "base64");
  if (bytes.length > MAX_BLOB_BYTES) {
    throw new OffstageError("LIMIT_SIZE", `The result of ${what} has a binary part of more than ${MAX_BLOB_BYTES / 1024 / 1024} MiB.`, { hint: "Ask for a smaller one, or for a link to it." });
  }
  for (const seen of textsOfBytes(bytes)) if (redactor.redact(seen) !== seen) return { [member]: "[redacted]", bytes: bytes.length };
  const hash = createHash("sha256").update(bytes).digest("hex");
  await blobs.keep(hash, bytes);
  return { [member]: `blob:sha256:${hash}`, bytes: bytes.length };
}

async function base64Of(name: string, blobs: Blobs, what: string): Promise<string> {
  const hash = NAME.exec(name)?.[1] ?? "";
  const bytes = await blobs.load(hash);
  if (bytes === null) throw new OffstageError("BLOB_MISSING", `${what} was not called: the bytes of ${name} are not in this project's store.`, { hint: "Let the run read them again: what was kept for another run or store is not there." });
  return Buffer.from(bytes).toString("base64");
}

function namesBlob(value: Data): boolean {
  if (typeof value === "string") return NAME.test(value);
  if (Array.isArray(value)) return (value as readonly Data[]).some(namesBlob);
  return isFields(value) && Object.values(value).some(namesBlob);
}

function isFields(value: Data): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
