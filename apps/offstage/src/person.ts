import type { CommandIo } from "./command-io.ts";

/** Who gives an answer: `--by`, else the name that the system has for the user. */
export function personOf(io: Pick<CommandIo, "env">, given: string | undefined): string {
  return given ?? io.env["USER"] ?? io.env["LOGNAME"] ?? io.env["USERNAME"] ?? "unknown";
}
