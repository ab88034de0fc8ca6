import { type JsonObject, OffstageError, type Redactor } from "../base/index.ts";

/**
 * Inputs are kept with the run, shown, and passed on to servers; a secret is none of that. A run over redacted inputs would be
 * another run than was asked for, so it is refused before anything is stored. Throws `SECRET_IN_INPUT`, naming the inputs.
 */
export function refuseSecretInputs(inputs: JsonObject, redactor: Pick<Redactor, "redactData">): void {
  const secret = Object.entries(inputs).filter(([, value]) => !Object.is(redactor.redactData(value), value)).map(([name]) => name);
  if (secret.length === 0) return;
  throw new OffstageError("SECRET_IN_INPUT", `The input ${secret.join(", ")} holds a secret of this project.`, {
    hint: "Inputs are stored and shown. Give the secret to the server, in mcp.json as ${env:NAME} or ${file:path}; if it is no secret, list its variable under `plain:` in offstage.yaml.",
  });
}
