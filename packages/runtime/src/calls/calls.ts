import { type Clock, type Data, type ErrorData, OffstageError, type Redactor, toErrorData } from "../base/index.ts";
import { type Keeping, keepReply, withBytes } from "./blobs.ts";
import { createExchange, type Turns } from "./exchange.ts";
import { judgeOffer, type OfferOutcome } from "./offers.ts";
import { judge, type Judgement, unusable } from "./outcome.ts";
import type { Blobs, CallLimits, CallOutcome, Offer, OfferReply, RawReply, Rule, Rules, Session } from "./ports.ts";

/** What calls are made with. */
export interface CallsOptions {
  /** A server's session; a rejection says why the server is not there, and that nothing was sent. */
  readonly sessions: (server: string) => Promise<Session>;
  readonly rules: Rules;
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly timeoutMs: (server: string) => number;
  /** Where the images, sounds and files in results are kept; values have their names only. */
  readonly blobs: Blobs;
  /** With whom limits are shared; without it they hold for these calls alone, by server. */
  readonly turns?: Turns;
  /**
   * Why a tool may not be used as it is now: `NOT_LOCKED` stops every call, `TOOL_CHANGED` every write, and every
   * call of which only its server says that it reads. Null when all is well.
   * Asked again when the session is there: the server may have been started anew for it, and be another one.
   */
  readonly lockFault?: (server: string, tool: string) => ErrorData | null;
}

/** A reading call of a run; the engine's `ReadCall` fits it. */
export interface ReadRequest {
  readonly server: string;
  readonly tool: string;
  readonly args: Data;
}

/** A resource or a prompt that a run reads; the engine's `OfferCall` fits it. */
export interface OfferRequest {
  readonly server: string;
  readonly offer: Offer;
}

/** How a reading call ended; fits the engine's `ReadAnswer`. */
export type ReadOutcome =
  | { readonly kind: "value"; readonly value: Data; readonly gone: boolean }
  | { readonly kind: "error"; readonly error: ErrorData; readonly gone: boolean };

/** One tool call, from its rule to an answer that is understood, redacted and frozen. */
export interface Calls {
  /** Makes one call, once; whatever the server does is an outcome. A write only ever comes here from `effects`. */
  call(server: string, tool: string, args: Data, limits?: CallLimits): Promise<CallOutcome>;
  /** Makes a reading call: the engine's `Reads` by shape. Errors: `READ_FAILED` when the profile calls it a write. */
  read(request: ReadRequest): Promise<ReadOutcome>;
  /** Reads a resource or a prompt, under the rate and the sensitive paths that the profile gives for `"*"`. */
  readOffer(request: OfferRequest): Promise<OfferOutcome>;
}

/** See {@link Calls}. */
export function createCalls(options: CallsOptions): Calls {
  const lockFault = (rule: Rule, server: string, tool: string): ErrorData | null => {
    const fault = options.lockFault?.(server, tool) ?? null;
    return fault !== null && (rule.effect === "write" || rule.isHinted === true || fault.code === "NOT_LOCKED") ? fault : null;
  };
  const exchange = createExchange(options);
  const callUnder = async (rule: Rule, server: string, tool: string, args: Data, limits: CallLimits): Promise<CallOutcome> => {
    const fault = lockFault(rule, server, tool);
    if (fault !== null) return { kind: "error", error: fault, refused: true, gone: false };
    const what = `${server}.${tool}`;
    const { redactor, blobs } = options;
    let sent: Data;
    try {
      sent = await withBytes(args, blobs, what);
    } catch (error) {
      return { kind: "error", error: toErrorData(error), refused: true, gone: false };
    }
    const reply = await exchange<RawReply>({ server, rule, limits, what, fault: () => lockFault(rule, server, tool), ask: (session, until) => session.call(tool, sent, until) });
    return understand(reply, { what, rule, redactor, blobs });
  };

  return {
    async call(server, tool, args, limits = {}) {
      return callUnder(options.rules.rule(server, tool, args), server, tool, args, limits);
    },
    async read({ server, tool, args }) {
      const rule = options.rules.rule(server, tool, args);
      // The engine asks for reads alone; what a page's arguments make of one is the profile's doing.
      if (rule.effect === "write") throw new OffstageError("READ_FAILED", `${server}.${tool} is a write with these arguments, and was asked for as a read: nothing was sent.`, { hint: `Its profile, profiles/${server}.ts or the one that ships, pages by an argument that its rules take for a write.` });
      const outcome = await callUnder(rule, server, tool, args, {});
      return outcome.kind === "value" ? outcome : { kind: "error", error: outcome.error, gone: outcome.kind === "error" && outcome.gone };
    },
    async readOffer({ server, offer }) {
      // No tool has this name: what is left is what the profile says of all.
      const rule = options.rules.rule(server, "", {});
      const what = `${server}: ${offer.kind} ${offer.kind === "resource" ? offer.uri : offer.name}`;
      const reply = await exchange<OfferReply>({ server, rule, what, limits: {}, fault: () => null, ask: (session, until) => session.offer(offer, until) });
      return judgeOffer(offer, reply, { what, rule, redactor: options.redactor, blobs: options.blobs });
    },
  };
}

/** What a reply means, its binary parts kept. */
async function understand(reply: RawReply, judgement: Judgement & Keeping): Promise<CallOutcome> {
  try {
    return judge(await keepReply(reply, judgement.rule, judgement), judgement);
  } catch (error) {
    return unusable(error, judgement);
  }
}
