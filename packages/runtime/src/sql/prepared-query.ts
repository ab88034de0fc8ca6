import { type CompiledQuery, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import { OffstageError } from "../base/index.ts";
import type { Schema } from "./schema.ts";

/** What a database takes and gives back in a column. */
export type SqlValue = string | number | Uint8Array | null;

/** A statement with its values, for a {@link SqlConnection}. */
export interface BoundQuery {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** The one connection that a transaction runs on. Errors are OffstageErrors already. */
export interface SqlConnection {
  all<R>(query: BoundQuery & { readonly row?: R }): Promise<readonly R[]>;
  /** Returns how many rows were changed. */
  run(query: BoundQuery): Promise<number>;
}

/** Builds and compiles queries; nothing is ever executed through it, which keeps kysely off the hot path. */
export const queries = new Kysely<Schema>({
  dialect: { createAdapter: () => new SqliteAdapter(), createDriver: () => new DummyDriver(), createIntrospector: (db) => new SqliteIntrospector(db), createQueryCompiler: () => new SqliteQueryCompiler() },
});

/** Stands in a query for a value that is given with each execution. */
class Parameter {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A function of its parameters' values. `row` exists for types only: what a row looks like. */
export type Prepared<P, R> = (values: P) => BoundQuery & { readonly row?: R };

/**
 * Compiles a query once, when it is first used. `build` gets an object that has a parameter for every name it asks for, so that
 * names and types of the values are checked where they are given.
 */
export function prepared<P extends { readonly [K in keyof P]: SqlValue }, R = never>(build: (parameters: P) => { compile(): CompiledQuery<R> }): Prepared<P, R> {
  let compiled: CompiledQuery<R> | null = null;
  return (values) => {
    compiled ??= build(new Proxy({} as P, { get: (_target, name) => new Parameter(String(name)) })).compile();
    return { sql: compiled.sql, parameters: compiled.parameters.map((parameter) => (parameter instanceof Parameter ? valueOf(values, parameter.name) : parameter)) };
  };
}

function valueOf(values: object, name: string): SqlValue {
  const value = (values as { readonly [name: string]: SqlValue | undefined })[name];
  if (value === undefined) throw new OffstageError("BUG", `A query was run without its parameter ${name}.`);
  return value;
}

/** Parameters for all columns of a row, in the shape that `values()` takes. */
export function columnsOf<T, const C extends keyof T>(parameters: T, columns: readonly C[]): Pick<T, C> {
  return Object.fromEntries(columns.map((column) => [column, parameters[column]])) as Pick<T, C>;
}
