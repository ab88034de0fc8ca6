import { canonicalJson, encodeValue, isOffstageError } from "../base/index.ts";
import type { CallOutcome, Calls, OfferRequest } from "../calls/index.ts";
import type { Models, Question } from "../engine/index.ts";
import type { RecordedCall } from "./fixture.ts";

/** Listens to calls as they are answered. */
export interface Recorder {
  /** The same calls; each is recorded when it has its answer. */
  around(calls: Calls, classOf: (server: string, tool: string, args: RecordedCall["args"]) => RecordedCall["class"]): Calls;
  /** The same models; what they answer is recorded as the call `model.ask`. */
  aroundModels(models: Models): Models;
  /** What was recorded so far, in the order of a fixture. */
  calls(): readonly RecordedCall[];
  /**
   * From now on an answer that only says again what the same call was told last is left out: what a second look at the same
   * servers teaches is what has changed.
   */
  onlyNews(): void;
}

/**
 * Records above the redactor and above profiles: what arrives here is what a workflow and the journal see. A call that was never
 * sent (a deadline, a changed tool) is recorded as the error it ended with.
 */
export function createRecorder(): Recorder {
  const recorded: RecordedCall[] = [];
  const last = new Map<string, string>();
  let onlyNews = false;
  const add = (call: RecordedCall): void => {
    const key = callKey(call);
    const answer = encodeValue(call.outcome);
    if (onlyNews && last.get(key) === answer) return;
    last.set(key, answer);
    recorded.push(call);
  };
  return {
    around: (calls, classOf) => ({
      async call(server, tool, args, limits) {
        const outcome = await calls.call(server, tool, args, limits);
        add({ server, tool, class: classOf(server, tool, args), args, outcome });
        return outcome;
      },
      async read(request) {
        const { server, tool, args } = request;
        const answer = await calls.read(request);
        const outcome: CallOutcome = answer.kind === "value" ? answer : { ...answer, refused: false };
        add({ server, tool, class: classOf(server, tool, args), args, outcome });
        return answer;
      },
      async readOffer(request) {
        const answer = await calls.readOffer(request);
        add({ ...offerCall(request), class: "read", outcome: answer.kind === "value" ? answer : { ...answer, refused: false } });
        return answer;
      },
    }),
    aroundModels: (models) => ({
      async ask(question) {
        const answer = await models.ask(question);
        add({ ...questionCall(question), class: "read", outcome: answer.kind === "value" ? answer : { ...answer, refused: false } });
        return answer;
      },
    }),
    calls: () => sortCalls(recorded),
    onlyNews: () => void (onlyNews = true),
  };
}

/** Resources and prompts are kept as the workflow writes them: `server.read(uri)`, `server.prompt(name, args)`. */
export function offerCall({ server, offer }: OfferRequest): Pick<RecordedCall, "server" | "tool" | "args"> {
  return offer.kind === "resource" ? { server, tool: "read", args: { uri: offer.uri } } : { server, tool: "prompt", args: { name: offer.name, args: offer.args } };
}

/** A question to a model is kept beside the calls: all that decides its answer are its arguments. */
export function questionCall({ prompt, schema, maxTokens, model }: Question): Pick<RecordedCall, "server" | "tool" | "args"> {
  return { server: "model", tool: "ask", args: { prompt, schema, maxTokens, ...(model === null ? {} : { model }) } };
}

/** By server, tool and arguments, so that a run whose parallel calls came in another order is the same fixture; equal calls stay in order. */
export function sortCalls(calls: readonly RecordedCall[]): readonly RecordedCall[] {
  return calls
    .map((call) => ({ call, key: callKey(call) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ call }) => call);
}

/** Equal for calls that a replay may take for each other. */
export function callKey({ server, tool, args }: Pick<RecordedCall, "server" | "tool" | "args">): string {
  return `${server}\u0000${tool}\u0000${argumentsKey(args)}`;
}

/** What has no canonical form (half of a surrogate pair) has another exact text. */
function argumentsKey(args: RecordedCall["args"]): string {
  try {
    return canonicalJson(args);
  } catch (error) {
    if (!isOffstageError(error)) throw error;
    return encodeValue(args);
  }
}
