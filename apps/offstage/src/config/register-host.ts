import type { Redactor } from "offstage/base";
import type { ResolvedText } from "./references.ts";

/** Registers what the secrets in the host of a URL look like when it is shown: in lower case. They are registered already as they stand. */
export function registerHost(url: ResolvedText, redactor: Redactor): void {
  const host = URL.parse(url.value)?.hostname ?? "";
  for (const { name, value } of url.secrets) {
    const lower = value.trim().toLowerCase();
    if (host.includes(lower)) redactor.register(lower, name);
  }
}
