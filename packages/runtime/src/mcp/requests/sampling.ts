import type { Clock, Data } from "../../base/index.ts";
import type { SamplingPolicy, SamplingQuestion } from "./request-policy.ts";
import { Unanswered } from "./unanswered.ts";

const HOUR_MS = 3_600_000;
/** UTF-16 units of everything that goes to the model with one question. */
const MOST_TEXT = 262_144;
/** UTF-16 units of what goes back: a token is rarely longer than this. */
const UNITS_A_TOKEN = 16;

type Fields = { readonly [name: string]: unknown };

/** Has the project's model asked for a server, within the policy's limits. */
export type Sampling = (params: Fields, signal: AbortSignal) => Promise<{ readonly [name: string]: Data }>;

/** What was asked within an hour, by policy: a server that ends and is started anew has no more questions for that. */
const hours = new WeakMap<SamplingPolicy, { readonly from: number; used: number }>();

/**
 * What a server wants said to the model is hostile until proven otherwise: no secret of ours goes along, no tool is given, and no
 * context of other servers is added, whatever `includeContext` says.
 */
export function createSampling(policy: SamplingPolicy, clock: Clock, redact: (text: string) => string): Sampling {
  return async (params, signal) => {
    const question = questionOf(params, policy, redact);
    const now = clock.now();
    const before = hours.get(policy);
    const hour = before === undefined || now - before.from >= HOUR_MS ? { from: now, used: 0 } : before;
    hours.set(policy, hour);
    if (hour.used >= policy.perHour) throw new Unanswered(`the model answers this server ${policy.perHour} times an hour`);
    hour.used += 1;
    const answer = await policy.ask(question, signal);
    const text = redact(answer.text).slice(0, question.maxTokens * UNITS_A_TOKEN);
    return { role: "assistant", content: { type: "text", text }, model: answer.model, stopReason: answer.cut ? "maxTokens" : "endTurn" };
  };
}

function questionOf(params: Fields, policy: SamplingPolicy, redact: (text: string) => string): SamplingQuestion {
  const { messages, systemPrompt, maxTokens, tools } = params;
  if (tools !== undefined) throw new Unanswered("models are given no tools");
  if (!Array.isArray(messages) || messages.length === 0) throw new Unanswered("there is no message for the model");
  const system = typeof systemPrompt === "string" ? systemPrompt : null;
  const read = messages.map(messageOf);
  const size = read.reduce((sum, { text }) => sum + text.length, system?.length ?? 0);
  if (size > MOST_TEXT) throw new Unanswered(`${size} characters for the model are too many`);
  const wanted = typeof maxTokens === "number" && maxTokens >= 1 ? Math.floor(maxTokens) : policy.maxTokens;
  return { system: system === null ? null : redact(system), messages: read.map(({ role, text }) => ({ role, text: redact(text) })), maxTokens: Math.min(policy.maxTokens, wanted) };
}

function messageOf(message: unknown): SamplingQuestion["messages"][number] {
  const { role, content } = (typeof message === "object" && message !== null ? message : {}) as Fields;
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content];
  const texts = blocks.map((block) => {
    const { type, text } = (typeof block === "object" && block !== null ? block : {}) as Fields;
    if (type !== "text" || typeof text !== "string") throw new Unanswered("only texts go to the model");
    return text;
  });
  return { role: role === "assistant" ? "assistant" : "user", text: texts.join("\n") };
}
