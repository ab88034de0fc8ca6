import type { Data } from "../base/index.ts";
import type { OfferReply } from "./offer.ts";

/** How an argument of a prompt, or of a resource's template, may go on. */
export interface Completion {
  /** A prompt's name, or a template as the server has it. */
  readonly of: { readonly prompt: string } | { readonly template: string };
  readonly argument: string;
  /** What is there of it. */
  readonly value: string;
  /** Arguments that are known already. */
  readonly known: { readonly [name: string]: string };
}

/** What a server proposes; at most a hundred, as the protocol has it. */
export type CompletionReply = { readonly kind: "values"; readonly values: readonly string[]; readonly more: boolean } | Extract<OfferReply, { readonly kind: "error" }>;

/** The protocol's most. */
const MOST_VALUES = 100;

/** The request of the protocol. */
export function completionRequest({ of, argument, value, known }: Completion): { readonly method: string; readonly params: { readonly [name: string]: Data } } {
  const ref: Data = "prompt" in of ? { type: "ref/prompt", name: of.prompt } : { type: "ref/resource", uri: of.template };
  return { method: "completion/complete", params: { ref, argument: { name: argument, value }, ...(Object.keys(known).length === 0 ? {} : { context: { arguments: known } }) } };
}

/** Reads a result; what is no text is left out. */
export function toCompletion(result: Data): CompletionReply {
  const { completion } = (result ?? {}) as { readonly completion?: { readonly values?: Data; readonly hasMore?: Data } };
  const values = Array.isArray(completion?.values) ? (completion.values as readonly Data[]).filter((value) => typeof value === "string") : [];
  return { kind: "values", values: values.slice(0, MOST_VALUES), more: completion?.hasMore === true || values.length > MOST_VALUES };
}
