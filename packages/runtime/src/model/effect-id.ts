import { hashJson } from "../base/index.ts";
import type { EffectId, EffectIdentity } from "./identity.ts";

/**
 * The ledger's primary key: SHA-256 (hex) of the identity's canonical JSON. Equal identities have equal ids in every
 * implementation. `VALUE_INVALID` when a key holds half of a surrogate pair: two such keys would be one in a store.
 */
export function effectId(identity: EffectIdentity): EffectId {
  let id = ids.get(identity);
  if (id === undefined) ids.set(identity, (id = hashJson(identity)));
  return id;
}

/** One write asks for its id in several rooms, and hashing is most of what deciding costs. Identities never change. */
const ids = new WeakMap<EffectIdentity, EffectId>();
