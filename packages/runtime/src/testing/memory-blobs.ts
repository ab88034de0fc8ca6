import type { Blobs } from "../calls/index.ts";

/** Blobs in memory, and what was kept, by hash. */
export function createMemoryBlobs(): Blobs & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    keep: (hash, bytes) => Promise.resolve(void kept.set(hash, bytes)),
    load: (hash) => Promise.resolve(kept.get(hash) ?? null),
  };
}
