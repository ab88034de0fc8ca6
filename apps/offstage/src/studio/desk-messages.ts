import { type Data, parseExact, stringifyExact } from "offstage/base";
import type { Desk, Told } from "offstage/studio";

/** What a desk does in a process of its own; what is applied is driven where the store is. */
export type Act = Exclude<keyof Desk, "apply">;

/** What the process of a desk is told, one after the other: first which project, then what is asked of it. */
export type ToDesk =
  | { readonly kind: "begin"; readonly projectFolder: string; readonly program: string | null; readonly ownCode: boolean }
  | { readonly kind: "ask"; readonly id: number; readonly act: Act; readonly args: readonly Data[] }
  /** Nobody waits for it any more. */
  | { readonly kind: "cancel"; readonly id: number; readonly why: string };

/** What it answers. */
export interface FromDesk {
  readonly id: number;
  readonly told: Told;
}

/** Integers beyond 2^53-1 keep their digits. */
export function deskText(message: ToDesk | FromDesk): string {
  return stringifyExact(message as unknown as Data);
}

/** The message of a {@link deskText}. */
export function deskMessage<T extends ToDesk | FromDesk>(text: unknown): T {
  return parseExact(String(text)) as unknown as T;
}
