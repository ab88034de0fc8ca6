import type { Json } from "./json.ts";

/** The part of JSON Schema from which the type of a value is known; other keywords may stand beside it. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: { readonly [name: string]: JsonSchema };
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly enum?: readonly Json[];
  readonly const?: Json;
  readonly anyOf?: readonly JsonSchema[];
  readonly description?: string;
}

/** What a value under a JSON Schema is, as far as the schema says it in {@link JsonSchema}'s words. */
export type FromSchema<Schema> = Schema extends { readonly enum: readonly (infer Value)[] } ? Value
  : Schema extends { readonly const: infer Value } ? Value
  : Schema extends { readonly anyOf: readonly (infer Choice)[] } ? FromSchema<Choice>
  : Schema extends { readonly type: readonly (infer Type)[] } ? OfType<Type, Schema>
  : Schema extends { readonly type: infer Type } ? OfType<Type, Schema>
  : Json;

type OfType<Type, Schema> = Type extends "string" ? string
  : Type extends "number" | "integer" ? number
  : Type extends "boolean" ? boolean
  : Type extends "null" ? null
  : Type extends "array" ? readonly (Schema extends { readonly items: infer Item } ? FromSchema<Item> : Json)[]
  : Type extends "object" ? ObjectOf<Schema>
  : Json;

type ObjectOf<Schema> = Schema extends { readonly properties: infer Properties } ? Members<Properties, Schema extends { readonly required: readonly (infer Name)[] } ? Name : never>
  : Schema extends { readonly additionalProperties: infer Member extends JsonSchema } ? { readonly [name: string]: FromSchema<Member> | undefined }
  : { readonly [name: string]: Json | undefined };

type Members<Properties, Required> = Flat<
  { readonly [Name in keyof Properties as Name extends Required ? Name : never]: FromSchema<Properties[Name]> }
  & { readonly [Name in keyof Properties as Name extends Required ? never : Name]?: FromSchema<Properties[Name]> }
>;

/** The members of several types as those of one. */
export type Flat<T> = { [Name in keyof T]: T[Name] };
