import type { Flat, FromSchema, JsonSchema } from "./schema.ts";

declare const declared: unique symbol;

/** An input that a JSON Schema describes: what {@link input} gives. `Needed` when there is no default. */
export interface Input<Value, Needed extends boolean> {
  readonly [declared]: { readonly value: Value; readonly needed: Needed };
}

/**
 * An input of a workflow that a default cannot describe: one that is empty or null at first, one of a few values, one that every run must
 * be given (without `default`). The schema is written out and gives the type; each run's value is checked against it.
 */
export declare function input<const Schema extends JsonSchema, Default extends FromSchema<NoInfer<Schema>> = never>(
  options: { readonly schema: Schema; readonly default?: Default },
): Input<FromSchema<Schema>, [Default] extends [never] ? true : false>;

/** What the body of a workflow gets for its `inputs`. */
export type Widen<T> = T extends Input<infer Value, boolean> ? Value
  : T extends string ? string
  : T extends number ? number
  : T extends boolean ? boolean
  : T extends readonly (infer Item)[] ? readonly Widen<Item>[]
  : T extends object ? { readonly [Key in keyof T]: Widen<T[Key]> }
  : T;

type NeededOf<Inputs> = { [Name in keyof Inputs]: Inputs[Name] extends Input<any, true> ? Name : never }[keyof Inputs];

/** What a run of a workflow is given for its `inputs`: what has a default may be left out. */
export type Given<Inputs> = Flat<
  { readonly [Name in Exclude<keyof Inputs, NeededOf<Inputs>>]?: Widen<Inputs[Name]> }
  & { readonly [Name in NeededOf<Inputs>]: Widen<Inputs[Name]> }
>;
