import { createSeal, type Seal } from "offstage/stores/sealed";
import { tokenKey, type TokenKeyPlaces } from "./token-key.ts";

/** The seal of a project's tokens. Errors as of {@link tokenKey}. */
export function tokenSeal(places: TokenKeyPlaces): Seal {
  return createSeal(tokenKey(places));
}
