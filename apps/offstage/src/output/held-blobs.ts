import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Data, OffstageError } from "offstage/base";
import type { Blobs } from "offstage/calls";

/** The binary parts of one result, held until a person said what becomes of them. */
export interface HeldBlobs extends Blobs {
  /** Writes those that `value` names into a folder and tells each file; `null` tells how to keep them. Errors: `USAGE`. */
  settle(value: Data, folder: string | null): readonly string[];
}

/** What people's programs open such a file by. Anything else is `bin`. */
const ENDINGS: ReadonlyMap<string, string> = new Map(Object.entries({
  "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "image/svg+xml": "svg", "application/pdf": "pdf", "application/zip": "zip",
  "application/gzip": "gz", "application/json": "json", "text/plain": "txt", "text/csv": "csv", "text/html": "html", "audio/wav": "wav", "audio/mpeg": "mp3", "video/mp4": "mp4",
}));

/** As much of the hash as names a file. */
const NAME_LENGTH = 16;

/** See {@link HeldBlobs}. */
export function holdBlobs(): HeldBlobs {
  const held = new Map<string, Uint8Array>();
  return {
    keep: (hash, bytes) => Promise.resolve(void held.set(hash, bytes)),
    load: (hash) => Promise.resolve(held.get(hash) ?? null),
    settle(value, folder) {
      return [...named(value)].flatMap(([hash, mimeType]) => {
        const bytes = held.get(hash);
        if (bytes === undefined) return [];
        const what = `${mimeType === "" ? "binary data" : mimeType}, ${bytes.length} bytes`;
        return [folder === null ? `${what}: not kept; --save DIR writes it into a file.` : `${what}: ${write(folder, `${hash.slice(0, NAME_LENGTH)}.${ENDINGS.get(mimeType) ?? "bin"}`, bytes)}`];
      });
    },
  };
}

/** Hash → media type of what a value names, in its order. */
function named(value: Data, found = new Map<string, string>()): ReadonlyMap<string, string> {
  if (typeof value !== "object" || value === null) return found;
  const { data, blob, mimeType } = value as { readonly [name: string]: Data | undefined };
  for (const name of [data, blob]) {
    if (typeof name === "string" && name.startsWith("blob:sha256:")) found.set(name.slice("blob:sha256:".length), typeof mimeType === "string" ? mimeType : "");
  }
  for (const part of Object.values(value)) named(part as Data, found);
  return found;
}

function write(folder: string, name: string, bytes: Uint8Array): string {
  const file = join(folder, name);
  try {
    mkdirSync(folder, { recursive: true });
    // Its name is its content's: what is there already is the same.
    writeFileSync(file, bytes);
    return file;
  } catch (error) {
    throw new OffstageError("USAGE", `${file} cannot be written: ${(error as Error).message}`, { hint: "The call was made. Name another folder with --save.", cause: error });
  }
}
