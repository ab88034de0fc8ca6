import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Redactor } from "offstage/base";
import type { RequestPolicy, SamplingModel } from "offstage/mcp";
import { resolveReferences, type Sources } from "./references.ts";
import type { FormAnswer, RequestSettings } from "./requests-settings.ts";
import { registerOne } from "./resolve-server.ts";
import { SETTINGS_FILE } from "./settings.ts";

/** A policy without its model, which only those have who start servers. */
export type ResolvedRequests = (ask: SamplingModel) => RequestPolicy;

/**
 * What a server may ask of us, with the references in answers resolved and their secrets registered. Errors: `SECRET_MISSING`,
 * `SECRET_TOO_SHORT`, `CONFIG_INVALID`.
 */
export function resolveRequests(server: string, settings: RequestSettings, sources: Sources, redactor: Redactor): ResolvedRequests {
  const { elicitation, sampling, roots } = settings;
  const answerOf = (answer: FormAnswer, field: string): FormAnswer => {
    if (typeof answer !== "string") return answer;
    const made = resolveReferences(answer, sources, `${SETTINGS_FILE}: the answer ${field} for the server ${server}`);
    for (const secret of made.secrets) registerOne(secret, redactor);
    return made.value;
  };
  const fields = typeof elicitation === "string" ? null : Object.fromEntries(Object.entries(elicitation.answer).map(([field, answer]) => [field, answerOf(answer, field)]));
  return (ask) => ({
    elicitation: fields !== null ? { kind: "answer", fields } : { kind: elicitation === "none" ? "none" : "decline" },
    sampling: sampling === null ? null : { ...sampling, ask },
    roots: roots.map((root) => pathToFileURL(resolve(sources.folder, root)).href),
  });
}
