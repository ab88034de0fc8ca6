import { type ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/client";
import { shorten } from "../../base/index.ts";

/** UTF-16 units of a page's address and what is said of it: far more than is ever shown, since secrets are taken out later, and only whole ones are found. */
const HELD = 20_000;
/** As many as a message names. */
const MOST_PAGES = 3;

/** Which pages a server of the legacy era wants opened before it takes a call at all (`URLElicitationRequired`); null for any other error. */
export function pagesRequired(error: ProtocolError): string | null {
  if (error.code !== ProtocolErrorCode.UrlElicitationRequired) return null;
  const { elicitations } = (error.data ?? {}) as { readonly elicitations?: unknown };
  const pages = (Array.isArray(elicitations) ? elicitations : []).slice(0, MOST_PAGES).map((one: unknown) => {
    const { url, message } = (one ?? {}) as { readonly url?: unknown; readonly message?: unknown };
    return shorten(`${typeof url === "string" ? url : "a page"}${typeof message === "string" ? ` (${message})` : ""}`, HELD);
  });
  return pages.length === 0 ? null : pages.join(", ");
}
