/** As many bytes are read at a time: what is held of a large part beside its bytes stays small. */
const CHUNK = 1024 * 1024;
/** As many are read again with the next ones: a secret across the border is in one of the two. */
const OVERLAP = 64 * 1024;

/**
 * The texts that bytes can be, for a look whether a secret is among them: a character a byte (the redactor knows secrets in UTF-8 so too), and UTF-16 of
 * either order at either alignment, which is what Windows writes. One is held at a time.
 */
export function* textsOfBytes(bytes: Uint8Array): Generator<string> {
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(CHUNK + OVERLAP, bytes.length - at));
    yield chunk.toString("latin1");
    for (const from of [0, 1]) {
      const units = chunk.subarray(from, from + ((chunk.length - from) & ~1));
      yield units.toString("utf16le");
      yield Buffer.from(units).swap16().toString("utf16le");
    }
  }
}
