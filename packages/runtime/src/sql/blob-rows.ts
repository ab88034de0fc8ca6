import type { StoreTx } from "../state/index.ts";
import { columnsOf, prepared, queries, type SqlConnection } from "./prepared-query.ts";
import type { BlobsTable } from "./schema.ts";

const insert = prepared((p: BlobsTable) =>
  queries.insertInto("blobs").values(columnsOf(p, ["hash", "kept_at", "bytes"])).onConflict((oc) =>
    oc.column("hash").doUpdateSet((eb) => ({ kept_at: eb.ref("excluded.kept_at") })).whereRef("blobs.kept_at", "<", "excluded.kept_at"),
  ),
);
const byHash = prepared((p: { hash: string }) => queries.selectFrom("blobs").select("bytes").where("hash", "=", p.hash));

/** The part of a transaction that keeps the binary parts of results. */
export function blobRows(connection: SqlConnection): Pick<StoreTx, "getBlob" | "putBlob"> {
  return {
    async getBlob(hash) {
      return (await connection.all(byHash({ hash })))[0]?.bytes ?? null;
    },
    async putBlob(hash, bytes, keptAt) {
      await connection.run(insert({ hash, kept_at: keptAt, bytes }));
    },
  };
}
