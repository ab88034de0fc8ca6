import { isOffstageError, OffstageError } from "../../base/index.ts";

/** What a broker's client throws, as `QUEUE_UNAVAILABLE`; `hint` says what to look at. */
export function unavailable(queue: string, error: unknown, hint: string): OffstageError {
  if (isOffstageError(error)) return error;
  const message = error instanceof Error ? reasonOf(error) : String(error);
  return new OffstageError("QUEUE_UNAVAILABLE", `The queue ${queue} cannot be used: ${message.replace(/\.$/, "")}.`, { hint, cause: error });
}

/** Node tells of a host with several addresses by an error without a text. */
function reasonOf(error: Error): string {
  const { code, errors } = error as { readonly code?: unknown; readonly errors?: readonly Error[] };
  return error.message || (errors?.[0] instanceof Error ? errors[0].message : "") || (typeof code === "string" ? code : error.name);
}
