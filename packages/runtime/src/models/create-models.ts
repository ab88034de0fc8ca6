import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { createProviderRegistry, generateText, jsonSchema, type LanguageModel, NoObjectGeneratedError, Output } from "ai";
import { type Clock, formatDuration, isOffstageError, OffstageError, type Redactor, shorten, toErrorData } from "../base/index.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import type { ModelAnswer, ModelConversation, ModelQuestion, ModelReply, Said } from "./question.ts";
import { readAnswer } from "./read-answer.ts";

/** A service that speaks the OpenAI-compatible protocol: most do, those on one's own machine too. */
export interface ModelProvider {
  /** Stands before the `/` in the name of a model. */
  readonly name: string;
  /** The base URL, `https://api.example.com/v1`. */
  readonly url: string;
  /** Registered with the redactor by whoever resolved it; null when the service wants none. */
  readonly key: string | null;
  /** False when the service does not take a schema: then it stands in the instructions. */
  readonly structured: boolean;
}

/** What {@link createModels} needs. */
export interface ModelsOptions {
  readonly providers: readonly ModelProvider[];
  /** `provider/model`, asked where a question names none. */
  readonly model: string;
  /** How long one answer may take, the SDK's retries included. */
  readonly timeoutMs: number;
  readonly redactor: Redactor;
  readonly clock: Clock;
  /** Aborted when nobody waits for answers any more: a request under way would keep the process alive. */
  readonly closed: AbortSignal;
}

/** Models that answer questions, and do nothing else: they are never given tools. */
export interface Models {
  /** Asks once. Rejects with `MODEL_MISSING` for a model that no provider stands for. */
  ask(question: ModelQuestion): Promise<ModelAnswer>;
  /** Goes on with a conversation, once, with the project's model. Rejects with `MODEL_FAILED`, or with `MODEL_MISSING` as `ask` does. The text is as it came. */
  reply(conversation: ModelConversation, signal: AbortSignal): Promise<ModelReply>;
}

/** UTF-16 units of what a service says of its error. */
const SHOWN = 500;

const NEVER = new AbortController().signal;

/** Prompts are nobody's business but the model's. */
const NO_TELEMETRY = { isEnabled: false, recordInputs: false, recordOutputs: false } as const;

/** See {@link Models}. */
export function createModels(options: ModelsOptions): Models {
  const { providers, redactor, clock, timeoutMs } = options;
  // The SDK would write its warnings to the console.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  const registry = createProviderRegistry(
    Object.fromEntries(providers.map(({ name, url, key, structured }) => [name, createOpenAICompatible({ name, baseURL: url, supportsStructuredOutputs: structured, fetch: boundedFetch, ...(key === null ? {} : { apiKey: key }) })])),
    { separator: "/" },
  );
  const providerOf = (id: string): ModelProvider => {
    const found = providers.find(({ name }) => id.startsWith(`${name}/`) && id.length > name.length + 1);
    if (found !== undefined) return found;
    throw new OffstageError("MODEL_MISSING", `No provider stands for the model ${JSON.stringify(id)}.`, { hint: `Write provider/model; offstage.yaml has the providers ${providers.map(({ name }) => name).join(", ")}.` });
  };
  /** Settles as `use` does, in time; else `MODEL_FAILED`, and nothing of what the service said that is a secret. */
  const within = async <T>(id: string, signal: AbortSignal, use: (model: LanguageModel, signal: AbortSignal) => Promise<T>): Promise<T> => {
    const timer = startTimer(clock, timeoutMs);
    try {
      return await use(registry.languageModel(id as `${string}/${string}`), AbortSignal.any([timer.signal, options.closed, signal]));
    } catch (error) {
      const why = timer.signal.aborted ? ` within ${formatDuration(timeoutMs)}.` : `: ${shorten(redactor.redact(toErrorData(reasonOf(error)).message), SHOWN)}`;
      throw new OffstageError("MODEL_FAILED", `The model ${id} gave no answer${why}`);
    } finally {
      timer.stop();
    }
  };
  return {
    async ask(question) {
      const id = question.model ?? options.model;
      const { structured } = providerOf(id);
      try {
        return await within(id, NEVER, async (model, signal) => readAnswer(await generate(model, question, structured, signal), { what: `The model ${id}`, question, redactor }));
      } catch (error) {
        return { kind: "error", error: { code: "MODEL_FAILED", message: (error as Error).message }, gone: false };
      }
    },
    reply({ system, messages, maxTokens }, signal) {
      const id = options.model;
      providerOf(id);
      return within(id, signal, async (model, abortSignal) => {
        const { text, finishReason } = await generateText({ model, messages: messages.map(({ role, text: content }) => ({ role, content })), maxOutputTokens: maxTokens, abortSignal, telemetry: NO_TELEMETRY, ...(system === null ? {} : { instructions: system }) });
        return { text, model: id, cut: finishReason === "length" };
      });
    },
  };
}

async function generate(model: LanguageModel, { prompt, schema, maxTokens }: ModelQuestion, structured: boolean, abortSignal: AbortSignal): Promise<Said> {
  const instructions = `Answer with one JSON value and nothing else.${structured ? "" : ` It conforms to this JSON Schema: ${JSON.stringify(schema)}`}`;
  try {
    const result = await generateText({
      model, prompt, instructions, abortSignal, maxOutputTokens: maxTokens, telemetry: NO_TELEMETRY,
      // Whether it conforms is looked at when its integers have been read exactly.
      output: Output.object({ schema: jsonSchema(schema as Parameters<typeof jsonSchema>[0], { validate: (value) => ({ success: true, value }) }) }),
    });
    return { text: result.text, cut: result.finishReason === "length" };
  } catch (error) {
    // What it said is no JSON, as far as the SDK can tell; that is for us to say.
    if (NoObjectGeneratedError.isInstance(error) && typeof error.text === "string") return { text: error.text, cut: error.finishReason === "length" };
    throw error;
  }
}

/** What we found ourselves, which the SDK wraps; else what the SDK says. */
function reasonOf(error: unknown): unknown {
  for (let inner = error; inner instanceof Error; inner = inner.cause) if (isOffstageError(inner)) return inner;
  return error;
}

interface Timer {
  readonly signal: AbortSignal;
  stop(): void;
}

function startTimer(clock: Clock, ms: number): Timer {
  const over = new AbortController();
  const stopped = new AbortController();
  void clock.sleep(ms, stopped.signal).then(() => {
    if (!stopped.signal.aborted) over.abort();
  });
  return { signal: over.signal, stop: () => stopped.abort() };
}
