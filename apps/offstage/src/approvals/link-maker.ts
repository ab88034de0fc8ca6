import type { Approvers } from "offstage/model";
import type { ResolvedLinks } from "../config/resolve-links.ts";
import { signLink } from "./link-token.ts";

/** Where links lead. */
export const LINK_PATH = "/approve";
/** Who answers by a link that was made for nobody in particular. */
export const SOMEBODY = "somebody with the link";

/** Whether an answer has to have a name: where whoever started a run may not answer, and where several people have to, of whom one could open a link that is nobody's and answer twice. */
export function needsName({ count = 1 }: { readonly count?: number }, { fourEyes }: Pick<Approvers, "fourEyes">): boolean {
  return fourEyes || count > 1;
}

/** The address at which one person answers one request: whoever has it, can. */
export function linkTo({ id, hash }: { readonly id: string; readonly hash: string }, by: string, { url, keys: [key = ""], maxAgeMs }: ResolvedLinks, now: number): string {
  return `${url}${LINK_PATH}/${signLink({ id, hash, by, expiresAt: now + maxAgeMs }, key)}`;
}
