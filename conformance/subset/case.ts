import type { FakeTool } from "../../packages/runtime/src/testing/fake-tool.ts";

/** The body of a workflow that returns what its case shows, what stands above it, and tools of its own world. */
export type SubsetCase = string | {
  readonly top?: string;
  readonly body: string;
  readonly tools?: Readonly<Record<string, FakeTool>>;
  /** What it gives, where that is ours to say: of the rest, Node's answer is the right one. */
  readonly gives?: unknown;
};

/**
 * Cases by the rules of docs/language.md that they are the case of (`"3.2"`, or several: `"8.3 8.7"`), then by their ids. Whatever
 * runs workflows has to return the same for each.
 */
export type SubsetCases = Readonly<Record<string, Readonly<Record<string, SubsetCase>>>>;
