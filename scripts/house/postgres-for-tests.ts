import type { TestProject } from "vitest/node";
import { findPostgres, startPostgres } from "../../packages/runtime/src/testing/postgres.ts";
import { installOnDebian } from "./debian.ts";

/** Starts the PostgreSQL that a whole test run shares, each test in a schema of its own; gives back what ends it. This machine's, else Debian's package, which root may install. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (findPostgres() === null) installOnDebian(["postgresql"]);
  const server = await startPostgres();
  project.provide("postgres", server.url);
  return () => server.stop();
}
