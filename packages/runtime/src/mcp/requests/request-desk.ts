import type { ClientCapabilities } from "@modelcontextprotocol/client";
import { type Clock, type Data, shorten } from "../../base/index.ts";
import { createAskingLimit } from "./asking-limit.ts";
import { elicited } from "./elicited.ts";
import type { RequestPolicy } from "./request-policy.ts";
import { createSampling } from "./sampling.ts";
import { createTurns, type Turn } from "./turns.ts";
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

/** Answers what one server asks of us, by the project's policy; each question and what became of it is a line of the server's log. */
export interface RequestDesk {
  /** What is announced: what {@link answer} can serve. */
  readonly capabilities: ClientCapabilities;
  /** The result of one request of the server, which is about `turn`; about any that is under way where that cannot be known. Rejects with {@link Unanswered} only. */
  answer(method: string, params: unknown, signal: AbortSignal, turn?: Turn): Promise<Answer>;
  /** A request of ours begins; `end` has to be called. */
  begin(deadlineAt?: number): Turn;
  end(turn: Turn): void;
}

/** See {@link RequestDesk}. */
export function createRequestDesk(policy: RequestPolicy, context: DeskContext): RequestDesk {
  const limit = createAskingLimit();
  const sample = policy.sampling === null ? null : createSampling(policy.sampling, context.clock, context.redact);
  const tell = (asked: string, became: string): void => context.log(`asks: ${shorten(context.redact(asked), SHOWN)} -> ${shorten(context.redact(became), SHOWN)}`);
  const answers: { readonly [method: string]: (params: Fields, signal: AbortSignal) => Promise<Answer> } = {
    "elicitation/create": (params, signal) => elicited(policy.elicitation, params, tell, signal),
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
  const turns = createTurns();
  /** An answer lets the server go on; after its call's deadline others may have concluded that nothing happens any more. */
  const inTime = (about: readonly Turn[], answer: Answer): Answer => {
    if (about.every(({ deadlineAt }) => context.clock.now() < deadlineAt)) return answer;
    if (answer["action"] === undefined) throw new Unanswered("the deadline of its call has passed");
    tell("an answer that came after the deadline of its call", "cancelled");
    return { action: "cancel" };
  };
  return {
    capabilities: capabilitiesOf(policy),
    begin(deadlineAt = Infinity) {
      limit.began();
      return turns.begin(deadlineAt);
    },
    end(turn) {
      turns.end(turn);
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
        const about = turn === undefined ? turns.all() : [turn];
        const answer = inTime(about, await serve(isObject(params) ? params : {}, AbortSignal.any([signal, turns.whileUnderWay(about)])));
        if (answer["action"] === "decline" || answer["action"] === "cancel") for (const one of about) one.declined = true;
        return answer;
      } catch (error) {
        tell(method, `not answered: ${(error as Error).message}`);
        // What our model's service said of its error is not for the server.
        throw error instanceof Unanswered ? error : new Unanswered("the model gave no answer");
      }
    },
  };
}

function capabilitiesOf({ elicitation, sampling, roots }: RequestPolicy): ClientCapabilities {
  return {
    ...(elicitation.kind === "none" ? {} : { elicitation: elicitation.kind === "answer" ? { form: {} } : { form: {}, url: {} } }),
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
