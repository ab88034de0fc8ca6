/** Any value that JSON can carry. Read-only: nothing in a workflow edits a value in place that it did not make itself. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

declare const unlearnt: unique symbol;

/**
 * The result of a tool whose shape nobody has seen yet: it has no `outputSchema` and was never called. Using it does not
 * check (`UNLEARNT`); call the tool once with `offstage call server.tool` and its shape is learnt.
 */
export interface Unlearnt<Name extends string = string> {
  readonly [unlearnt]: Name;
}
