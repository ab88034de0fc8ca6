import type { Json } from "./json.ts";

/** The part of JSON Schema from which {@link ask} knows the type of its answer. */
export interface AnswerSchema {
  readonly type?: string;
  readonly properties?: { readonly [name: string]: AnswerSchema };
  readonly required?: readonly string[];
  readonly items?: AnswerSchema;
  readonly enum?: readonly Json[];
  readonly description?: string;
  readonly additionalProperties?: boolean;
}

type Answer<Schema> = Schema extends { enum: readonly (infer Value)[] } ? Value
  : Schema extends { type: "string" } ? string
  : Schema extends { type: "number" | "integer" } ? number
  : Schema extends { type: "boolean" } ? boolean
  : Schema extends { type: "array"; items: infer Item } ? readonly Answer<Item>[]
  : Schema extends { type: "object"; properties: infer Properties } ? { readonly [Name in keyof Properties]: Answer<Properties[Name]> }
  : Json;

/** What {@link ask} sends to the model. */
export interface AskOptions<Schema> {
  readonly prompt: string;
  readonly schema: Schema;
  readonly maxTokens: number;
  readonly model?: string;
}

/** One model answer under a JSON Schema. Journaled; the model is never given tools. */
export declare function ask<const Schema extends AnswerSchema>(options: AskOptions<Schema>): Promise<Answer<Schema>>;
