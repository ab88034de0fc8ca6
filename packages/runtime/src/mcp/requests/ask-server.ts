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
}

/**
 * Asks a server, and answers what it asks back: in the legacy era by the handlers of {@link serveRequests}, in the modern one in rounds.
 * A round is the same call made again, with the answers and the server's own state, which it is told by to go on where it stopped: until
 * the last round it has said of itself that the call is not done. What fails after the first round is an {@link AfterFirstRound}.
 */
export async function askServer(client: Client, desk: RequestDesk, clock: Clock, request: ServerRequest, options: AskOptions): Promise<unknown> {
  const turn = desk.began();
  try {
    const first = await send(client, request, options);
    // A field of that name in an old server's result means nothing.
    if (client.getProtocolEra() !== "modern" || !isInputRequiredResult(first)) return first;
    return await goOn(client, desk, clock, request, { ...options, first }).catch((error: unknown) => {
      throw new AfterFirstRound(error);
    });
  } finally {
    turn.done();
  }
}

type InputRequired = { readonly inputRequests?: unknown; readonly requestState?: unknown };

async function goOn(client: Client, desk: RequestDesk, clock: Clock, request: ServerRequest, options: AskOptions & { readonly first: InputRequired }): Promise<unknown> {
  let asked: unknown = options.first;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (!isInputRequiredResult(asked)) return asked;
    const { inputRequests, requestState } = asked as InputRequired;
    const answers = await answersTo(inputRequests, desk, options.signal);
    if (answers === null) await clock.sleep(PUT_OFF_MS, options.signal);
    options.signal.throwIfAborted();
    const params = { ...request.params, ...(answers === null ? {} : { inputResponses: answers }), ...(requestState === undefined ? {} : { requestState: requestState as Data }) };
    asked = await send(client, { method: request.method, params }, options);
  }
  if (!isInputRequiredResult(asked)) return asked;
  throw new Unanswered(`it still wanted to know something after ${MOST_ROUNDS} rounds`);
}

/** One after the other, in the server's order; null when it asks nothing and only wants to be called again. */
async function answersTo(requests: unknown, desk: RequestDesk, signal: AbortSignal): Promise<{ readonly [key: string]: Data } | null> {
  const entries = Object.entries((requests ?? {}) as { readonly [key: string]: { readonly method?: unknown; readonly params?: unknown } | null });
  if (entries.length === 0) return null;
  const answers: [string, Data][] = [];
  for (const [key, asked] of entries) answers.push([key, (await desk.answer(String(asked?.method), asked?.params, signal)) as Data]);
  return Object.fromEntries(answers);
}

function send(client: Client, { method, params }: ServerRequest, { signal, onProgress }: AskOptions): Promise<unknown> {
  return client.request({ method, params }, withInputRequired(RAW_RESULT), { signal, timeout: NO_TIMEOUT, allowInputRequired: true, ...(onProgress === undefined ? {} : { onprogress: onProgress }) });
}
