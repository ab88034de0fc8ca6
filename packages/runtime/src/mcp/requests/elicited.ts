import type { Data } from "../../base/index.ts";
import { fillForm } from "./fill-form.ts";
import type { ElicitationPolicy, PersonQuestion } from "./request-policy.ts";

type Answer = { readonly [name: string]: Data };

/** UTF-16 units of a question that is put before a person. */
const LONGEST_MESSAGE = 8_192;
const LARGEST_FORM = 65_536;

/**
 * The answer to a server's question (`elicitation/create`); `tell` says what became of it. One who never asked may be declined too: it is
 * the server's mistake, and a plain no is the best answer to it.
 */
export async function elicited(policy: ElicitationPolicy, params: { readonly [name: string]: unknown }, tell: (asked: string, became: string) => void, signal: AbortSignal): Promise<Answer> {
  const question = questionOf(params);
  const { url, message, schema } = question;
  const asked = url === null ? message : `that somebody opens ${url}: ${message}`;
  const end = (action: "decline" | "cancel", why: string): Answer => {
    tell(asked, why);
    return { action };
  };
  switch (policy.kind) {
    case "none":
    case "decline":
      return end("decline", url === null ? "declined (elicitation in offstage.yaml)" : "declined: nobody is here who could");
    case "answer":
      return url === null ? filled(schema, policy.fields, "answered from offstage.yaml", (became) => tell(asked, became)) : end("decline", "declined: nobody is here who could");
    case "ask": {
      if (message.length > LONGEST_MESSAGE || (schema !== null && JSON.stringify(schema).length > LARGEST_FORM)) return end("decline", "declined: too large to be put before anybody");
      const answer = await policy.ask(question, signal);
      if (answer === null) return end("cancel", "cancelled: nobody answered in time");
      if (answer.kind === "declined") return end("decline", "declined by a person");
      if (url === null) return filled(schema, answer.fields, "answered by a person", (became) => tell(asked, became));
      tell(asked, "opened by a person");
      return { action: "accept" };
    }
  }
}

function filled(schema: Data, fields: { readonly [name: string]: Data }, how: string, tell: (became: string) => void): Answer {
  const form = fillForm(schema, fields);
  if (form.kind === "filled") {
    tell(`${how}: ${Object.keys(form.content).join(", ")}`);
    return { action: "accept", content: form.content };
  }
  tell(`declined: ${form.why}`);
  return { action: "decline" };
}

function questionOf({ mode, message, url, requestedSchema }: { readonly [name: string]: unknown }): PersonQuestion {
  const said = typeof message === "string" ? message : "";
  if (mode === "url") return { message: said, url: typeof url === "string" ? url : "a page", schema: null };
  return { message: said, url: null, schema: (requestedSchema ?? null) as Data };
}
