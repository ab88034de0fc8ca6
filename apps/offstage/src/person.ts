import { userInfo } from "node:os";
import type { CommandIo } from "./command-io.ts";

/** Who gives an answer: `--by`, else the name that the system has for the user. It is stored, and workflows are told: a secret in it is not. */
export function personOf(io: Pick<CommandIo, "env" | "redactor">, given: string | undefined): string {
  return io.redactor.redact(given ?? io.env["USER"] ?? io.env["LOGNAME"] ?? io.env["USERNAME"] ?? accountName());
}

/** Where no variable says it, as under some supervisors. A number without an account, as containers have it, has no name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}
