import type { FromSchema, JsonSchema } from "./schema.ts";

/** What {@link ask} sends to the model. */
export interface AskOptions<Schema> {
  readonly prompt: string;
  readonly schema: Schema;
  readonly maxTokens: number;
  readonly model?: string;
}

/** One model answer under a JSON Schema. Journaled; the model is never given tools. */
export declare function ask<const Schema extends JsonSchema>(options: AskOptions<Schema>): Promise<FromSchema<Schema>>;
