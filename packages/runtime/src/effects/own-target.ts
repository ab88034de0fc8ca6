import { type EffectIdentity, OWN_TARGET } from "../model/index.ts";
import type { EffectsOptions } from "./ports.ts";

/** Where an effect is made: the account or site of its server, or our own store. */
export function targetFor({ kind }: EffectIdentity, server: string, { targetOf }: Pick<EffectsOptions, "targetOf">): string {
  return kind === "start" ? OWN_TARGET : targetOf(server);
}
