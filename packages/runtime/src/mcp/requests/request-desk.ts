import type { ClientCapabilities } from "@modelcontextprotocol/client";
import { type Clock, type Data, shorten } from "../../base/index.ts";
import { createAskingLimit } from "./asking-limit.ts";
import { fillForm } from "./fill-form.ts";
import type { RequestPolicy } from "./request-policy.ts";
import { createSampling } from "./sampling.ts";
import { Unanswered } from "./unanswered.ts";

/** UTF-16 units of what a server says that stand in a line of its log. */
const SHOWN = 300;

type Fields = { readonly [name: string]: unknown };
type Answer = { readonly [name: string]: Data };

/** What the desk needs; `log` takes redacted lines. */
export interface DeskContext {
  readonly clock: Clock;
  readonly redact: (text: string) => string;
  readonly log: (line: string) => void;
  /** The server asks for ever: this connection has to end. */
  readonly onAsksForEver: () => void;
}

/** One request of ours, from its sending to its last answer. */
export interface Turn {
  /** Whether a question to a person was declined meanwhile: what the server did then is for it to know. */
  declined: boolean;
}

/** Answers what one server asks of us, by the project's policy; each question and what became of it is a line of the server's log. */
export interface RequestDesk {
  /** What is announced: what {@link answer} can serve. */
  readonly capabilities: ClientCapabilities;
  /** The result of one request of the server, which is about `turn`; about any that is under way where that cannot be known. Rejects with {@link Unanswered} only. */
  answer(method: string, params: unknown, signal: AbortSignal, turn?: Turn): Promise<Answer>;
  /** A request of ours begins; `end` has to be called. */
  begin(): Turn;
  end(turn: Turn): void;
}

/** See {@link RequestDesk}. */
export function createRequestDesk(policy: RequestPolicy, context: DeskContext): RequestDesk {
  const limit = createAskingLimit();
  const sample = policy.sampling === null ? null : createSampling(policy.sampling, context.clock, context.redact);
  const tell = (asked: string, became: string): void => context.log(`asks: ${shorten(context.redact(asked), SHOWN)} -> ${shorten(context.redact(became), SHOWN)}`);
  const answers: { readonly [method: string]: (params: Fields, signal: AbortSignal) => Promise<Answer> } = {
    "elicitation/create": (params) => Promise.resolve(elicited(policy, params, tell)),
    "roots/list": () => {
      tell("which folders it may use", `${policy.roots.length} of offstage.yaml`);
      return Promise.resolve({ roots: policy.roots.map((uri) => ({ uri, name: nameOf(uri) })) });
    },
    "sampling/createMessage": async (params, signal) => {
      if (sample === null) throw new Unanswered("it may not have a model asked (sampling in offstage.yaml)");
      const answer = await sample(params, signal);
      tell("a model", "answered");
      return answer;
    },
  };
  const turns = new Set<Turn>();
  return {
    capabilities: capabilitiesOf(policy),
    begin() {
      const turn: Turn = { declined: false };
      turns.add(turn);
      limit.began();
      return turn;
    },
    end(turn) {
      turns.delete(turn);
      limit.ended();
    },
    async answer(method, params, signal, turn) {
      if (!limit.spend()) {
        context.onAsksForEver();
        throw new Unanswered("it asks for ever");
      }
      const serve = Object.hasOwn(answers, method) ? answers[method] : undefined;
      try {
        if (serve === undefined) throw new Unanswered("nobody answers that");
        const answer = await serve(isObject(params) ? params : {}, signal);
        if (answer["action"] === "decline") for (const one of turn === undefined ? turns : [turn]) one.declined = true;
        return answer;
      } catch (error) {
        tell(method, `not answered: ${(error as Error).message}`);
        // What our model's service said of its error is not for the server.
        throw error instanceof Unanswered ? error : new Unanswered("the model gave no answer");
      }
    },
  };
}

/** One who never asked may be declined too: it is the server's mistake, and a plain no is the best answer to it. */
function elicited({ elicitation }: RequestPolicy, params: Fields, tell: (asked: string, became: string) => void): Answer {
  const { mode, message, url, requestedSchema } = params;
  const said = typeof message === "string" ? message : "";
  if (mode === "url") {
    tell(`that somebody opens ${typeof url === "string" ? url : "a page"}: ${said}`, "declined: nobody is here who could");
    return { action: "decline" };
  }
  if (elicitation.kind !== "answer") {
    tell(said, "declined (elicitation in offstage.yaml)");
    return { action: "decline" };
  }
  const form = fillForm(requestedSchema, elicitation.fields);
  if (form.kind === "unfilled") {
    tell(said, `declined: ${form.why}`);
    return { action: "decline" };
  }
  tell(said, `answered from offstage.yaml: ${Object.keys(form.content).join(", ")}`);
  return { action: "accept", content: form.content };
}

function capabilitiesOf({ elicitation, sampling, roots }: RequestPolicy): ClientCapabilities {
  return {
    ...(elicitation.kind === "none" ? {} : { elicitation: elicitation.kind === "decline" ? { form: {}, url: {} } : { form: {} } }),
    ...(sampling === null ? {} : { sampling: {} }),
    ...(roots.length === 0 ? {} : { roots: {} }),
  };
}

function nameOf(uri: string): string {
  return decodeURIComponent(uri.split("/").findLast((part) => part !== "") ?? uri);
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
