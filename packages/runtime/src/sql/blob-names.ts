import { prepared, queries, type SqlConnection } from "./prepared-query.ts";

/** A blob that is named often is not written as often; much less than the shortest retention. Ms. */
const NOTED_FOR_MS = 3_600_000;

const note = prepared((p: { hash: string; now: number; before: number }) => queries.updateTable("blobs").set({ kept_at: p.now }).where("hash", "=", p.hash).where("kept_at", "<", p.before));

/** The hashes of blobs whose names are in a text. */
export function blobsNamedIn(text: string): readonly string[] {
  return text.includes("blob:sha256:") ? [...text.matchAll(/blob:sha256:([0-9a-f]{64})/g)].map(([, hash]) => hash ?? "") : [];
}

/**
 * The connection, on which a blob that is named in something that is written counts as met again, in the same transaction. So whoever looks for names in one transaction after the other may
 * miss none: one that is written while it looks, from memory or from another place of the store, makes its blob young.
 */
export function noteNames(connection: SqlConnection, now: number): SqlConnection {
  return {
    all: (query) => connection.all(query),
    async run(query) {
      const changed = await connection.run(query);
      const hashes = new Set(query.parameters.flatMap((value) => (typeof value === "string" ? blobsNamedIn(value) : [])));
      for (const hash of hashes) await connection.run(note({ hash, now, before: now - NOTED_FOR_MS }));
      return changed;
    },
  };
}
