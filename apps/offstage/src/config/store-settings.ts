import { isAbsolute, join } from "node:path";
import { z } from "zod";

/** `store:` of `offstage.yaml`. */
export interface StoreSettings {
  /** Of the embedded store; absolute. Where {@link postgres} is named: where the store was before. */
  readonly file: string;
  /** The store is in PostgreSQL; null: it is the file. */
  readonly postgres: PostgresSettings | null;
}

/** Where a store in PostgreSQL is. References in the URL are not resolved. */
export interface PostgresSettings {
  readonly url: string;
  readonly schema: string;
}

const SCHEMA = "offstage";

/** See {@link StoreSettings}. */
export const storeSchema = z
  .strictObject({
    file: z.string().min(1),
    postgres: z.string().refine((url) => url.includes("${") || isPostgresUrl(url), { error: 'Write a URL of PostgreSQL: "postgresql://user@host/database", or a reference to one: "${env:DATABASE_URL}".' }),
    schema: z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, { error: "A schema is named by lower-case letters, digits and _, up to 63 of them." }),
  })
  .partial()
  .refine(({ postgres, schema }) => schema === undefined || postgres !== undefined, { error: "Only a store in PostgreSQL has a schema: name it with postgres.", path: ["schema"] });

/** The store, with its defaults; `folder` is the project's. */
export function storeSettings({ file = ".offstage/store.db", postgres, schema = SCHEMA }: z.infer<typeof storeSchema> = {}, folder: string): StoreSettings {
  return { file: isAbsolute(file) ? file : join(folder, file), postgres: postgres === undefined ? null : { url: postgres, schema } };
}

/** Whether PostgreSQL's clients read it. */
export function isPostgresUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && ["postgres:", "postgresql:"].includes(url.protocol) && url.hostname !== "";
}
