import type { Data } from "offstage/base";
import type { CommandIo } from "../command-io.ts";

/** What is kept, without secrets: its texts can be cut then. It keeps its shape, because only texts change. */
export function redacted<T>(io: Pick<CommandIo, "redactor">, kept: T): T {
  return io.redactor.redactData(kept as Data) as T;
}
