import type { Data } from "../base/index.ts";
import type { Paging } from "../engine/index.ts";

/** A tool of the fake world: what it is and what it does. A throw is its error. */
export interface FakeTool {
  readonly effect: "read" | "prepare" | "write";
  readonly idempotent?: boolean;
  readonly consistent?: boolean;
  readonly lagMs?: number;
  readonly affects?: readonly string[];
  readonly paging?: Paging;
  /** The answer; a promise lets calls of parallel items overlap. */
  answer?(args: Data, world: FakeWorldView): Data | Promise<Data>;
  /** For reads: the answer or its error says that it is gone. */
  gone?(args: Data): boolean;
  /** For writes: how the call ends, when not well. `lost`: it happened and nobody knows. */
  fault?(args: Data): "failed" | "ambiguous" | "lost" | "unreadable" | null;
}

/** A call that reached the world. */
export interface FakeCall {
  readonly step: string;
  readonly tool: string;
  readonly args: Data;
}

/** The world as its tools and its ledger see it. */
export interface FakeWorldView {
  readonly calls: FakeCall[];
  readonly now: number;
  tool(server: string, name: string): FakeTool;
  /** The tools that were called, in order. */
  called(): readonly string[];
}
