import type { Data, ErrorData, JsonObject } from "../base/index.ts";

/** One question to a model; the engine's `Question` fits it. */
export interface ModelQuestion {
  readonly prompt: string;
  /** The JSON Schema of the answer. */
  readonly schema: JsonObject;
  /** The most tokens that the answer may have. */
  readonly maxTokens: number;
  /** `provider/model`; null for the project's. */
  readonly model: string | null;
}

/** How it ended; fits the engine's `ReadAnswer`. Errors are `MODEL_FAILED`; nobody says of an answer that it is gone. */
export type ModelAnswer =
  | { readonly kind: "value"; readonly value: Data; readonly gone: false }
  | { readonly kind: "error"; readonly error: ErrorData; readonly gone: false };

/** What a model said: its text, and whether it was cut off at the budget. */
export interface Said {
  readonly text: string;
  readonly cut: boolean;
}

/** What was said so far, by texts only. Whose words they are is for the caller to know: they are passed on as they are. */
export interface ModelConversation {
  readonly system: string | null;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly text: string }[];
  readonly maxTokens: number;
}

/** What the model `provider/model` says next; `cut` when it reached `maxTokens`. */
export interface ModelReply {
  readonly text: string;
  readonly model: string;
  readonly cut: boolean;
}
