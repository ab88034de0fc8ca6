import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { type Data, isOffstageError, OffstageError, parseExact } from "offstage/base";
import type { CommandIo } from "./command-io.ts";

/** No run holds a larger value; more is not even read. */
const MAX_BYTES = 10 << 20;

/** The JSON of an event, from a file or (`-`) from stdin. Errors: `USAGE` when there is no such file, `EVENT_INVALID`. */
export async function readEvent(io: Pick<CommandIo, "cwd">, file: string, stdin: AsyncIterable<Uint8Array> = process.stdin): Promise<Data> {
  const what = file === "-" ? "stdin" : file;
  const bytes = await (file === "-" ? readAll(stdin, what) : readWhole(resolve(io.cwd, file), what));
  const text = textOf(bytes);
  try {
    if (text === null) throw new OffstageError("VALUE_INVALID", "This is not UTF-8.");
    return parseExact(text);
  } catch (error) {
    throw new OffstageError("EVENT_INVALID", `What ${what} holds is no event: ${(error as Error).message}`, { hint: 'An event is one JSON object in UTF-8, such as { "headers": { … }, "body": { … } }', cause: error });
  }
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Read as a stream, because a pipe or a device does not say how much it holds. */
async function readWhole(path: string, shown: string): Promise<Uint8Array> {
  try {
    return await readAll(createReadStream(path), shown);
  } catch (error) {
    if (isOffstageError(error)) throw error;
    throw new OffstageError("USAGE", `--event: ${shown} cannot be read: ${(error as Error).message}`, { hint: "Give the path of a file, or - for stdin.", cause: error });
  }
}

async function readAll(stream: AsyncIterable<Uint8Array>, what: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > MAX_BYTES) throw tooLarge(what);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function tooLarge(what: string): OffstageError {
  return new OffstageError("EVENT_INVALID", `The event in ${what} is larger than 10 MiB.`, { hint: "A run cannot hold it. Offer what the workflow needs of it." });
}
