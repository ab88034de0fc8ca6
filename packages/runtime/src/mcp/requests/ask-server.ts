import { type Client, isInputRequiredResult, type Progress, withInputRequired } from "@modelcontextprotocol/client";
import type { Clock, Data } from "../../base/index.ts";
import { NO_TIMEOUT, RAW_RESULT } from "../raw-result.ts";
import type { RequestDesk } from "./request-desk.ts";
import { AfterFirstRound, Unanswered } from "./unanswered.ts";

/** Rounds of one call; a server that still wants to know something then will for ever. */
const MOST_ROUNDS = 10;
/** Before a call is made again that its server put off without a question, ms. */
const PUT_OFF_MS = 250;

/** One request to a server. */
export interface ServerRequest {
  readonly method: string;
  readonly params: { readonly [name: string]: Data };
}

/** With what it is asked. */
export interface AskOptions {
  readonly signal: AbortSignal;
  /** Asks the server to tell how far it is; absent: it is not asked to. */
  readonly onProgress?: (progress: Progress) => void;
  /** Instant (ms) from which nothing is sent any more, a later round or an answer neither: others may conclude then that nothing will happen. */
  readonly deadlineAt?: number | undefined;
  /** Of the HTTP request, beside those of the protocol. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a server answered in the end. */
export interface ServerAnswer {
  readonly result: unknown;
  /** A question to a person was declined meanwhile. */
  readonly declined: boolean;
}

/**
 * Asks a server, and answers what it asks back: in the legacy era by the handlers of {@link serveRequests}, in the modern one in rounds.
 * A round is the same call made again, with the answers and the server's own state, which it is told by to go on where it stopped: until
 * the last round it has said of itself that the call is not done. What fails after the first round is an {@link AfterFirstRound}.
 */
export async function askServer(client: Client, desk: RequestDesk, clock: Clock, request: ServerRequest, options: AskOptions): Promise<ServerAnswer> {
  const turn = desk.begin(options.deadlineAt);
  try {
    const first = await send(client, request, options);
    // A field of that name in an old server's result means nothing.
    const isDone = client.getProtocolEra() !== "modern" || !isInputRequiredResult(first);
    const answer = (asked: string, params: unknown): Promise<object> => desk.answer(asked, params, options.signal, turn);
    const again = async (params: Params): Promise<unknown> => {
      if (clock.now() >= turn.deadlineAt) throw new Unanswered("its deadline passed before the answer to that was sent");
      return send(client, { ...request, params: { ...request.params, ...params } }, options);
    };
    const result = isDone ? first : await goOn(first, answer, again, (ms) => clock.sleep(ms, options.signal)).catch((error: unknown) => {
      throw new AfterFirstRound(error);
    });
    return { result, declined: turn.declined };
  } finally {
    desk.end(turn);
  }
}

type InputRequired = { readonly inputRequests?: unknown; readonly requestState?: unknown };
type Params = { readonly [name: string]: Data };

async function goOn(first: unknown, answer: (method: string, params: unknown) => Promise<object>, again: (params: Params) => Promise<unknown>, pause: (ms: number) => Promise<void>): Promise<unknown> {
  let asked = first;
  for (let round = 0; isInputRequiredResult(asked); round++) {
    if (round === MOST_ROUNDS) throw new Unanswered(`it still wanted to know something after ${MOST_ROUNDS} rounds`);
    const { inputRequests, requestState } = asked as InputRequired;
    const answers = await answersTo(inputRequests, answer);
    if (answers === null) await pause(PUT_OFF_MS);
    asked = await again({ ...(answers === null ? {} : { inputResponses: answers }), ...(requestState === undefined ? {} : { requestState: requestState as Data }) });
  }
  return asked;
}

/** One after the other, in the server's order; null when it asks nothing and only wants to be called again. */
async function answersTo(requests: unknown, answer: (method: string, params: unknown) => Promise<object>): Promise<Params | null> {
  const entries = Object.entries((requests ?? {}) as { readonly [key: string]: { readonly method?: unknown; readonly params?: unknown } | null });
  if (entries.length === 0) return null;
  const answers: [string, Data][] = [];
  for (const [key, asked] of entries) answers.push([key, (await answer(String(asked?.method), asked?.params)) as Data]);
  return Object.fromEntries(answers);
}

function send(client: Client, { method, params }: ServerRequest, { signal, onProgress, headers }: AskOptions): Promise<unknown> {
  return client.request({ method, params }, withInputRequired(RAW_RESULT), { signal, timeout: NO_TIMEOUT, allowInputRequired: true, ...(headers === undefined ? {} : { headers }), ...(onProgress === undefined ? {} : { onprogress: onProgress }) });
}
