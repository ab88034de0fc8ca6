export type { CompactedItem, Effects, Journal, Paging, Ports, ReadAnswer, ReadCall, Reads, RunFrame, StagedState, States, Tools } from "./ports.ts";
export { FunctionValue, RegExpValue, Unknown, type Value } from "./value.ts";
