import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Redactor } from "offstage/base";
import type { AskPerson, ElicitationPolicy, RequestPolicy, SamplingModel } from "offstage/mcp";
import { resolveReferences, type Sources } from "./references.ts";
import type { FormAnswer, RequestSettings } from "./requests-settings.ts";
import { registerOne } from "./resolve-server.ts";
import { SETTINGS_FILE } from "./settings.ts";

/** Who answers, where the settings leave it to somebody. */
export interface Answerers {
  readonly model: SamplingModel;
  readonly person: AskPerson;
}

/** A policy without its answerers, which only those have who start servers. */
export type ResolvedRequests = (answerers: Answerers) => RequestPolicy;

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
  const policyFor = (person: AskPerson): ElicitationPolicy => {
    if (fields !== null) return { kind: "answer", fields };
    if (elicitation === "ask") return { kind: "ask", ask: person };
    return { kind: elicitation === "none" ? "none" : "decline" };
  };
  return ({ model, person }) => ({
    elicitation: policyFor(person),
    sampling: sampling === null ? null : { ...sampling, ask: model },
    roots: roots.map((root) => pathToFileURL(resolve(sources.folder, root)).href),
  });
}
