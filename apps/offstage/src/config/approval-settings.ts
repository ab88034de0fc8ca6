import type { Approvers } from "offstage/model";
import { z } from "zod";

/** `approvals:` of `offstage.yaml`. References in `links.keys` are not resolved. */
export interface ApprovalSettings {
  readonly approvers: Approvers;
}

const name = z.string().min(1);
/** A name, or several. */
export const namesSchema = z.union([name, z.array(name).min(1)]).transform((given) => (typeof given === "string" ? [given] : given));

/** The keys of a rule of the policy that say who has to permit what it holds. */
export const approverFields = { by: namesSchema.optional(), count: z.int().min(1).max(20).optional() };

/** What is wrong with these keys of a rule; null when nothing is. */
export function approverFault({ verdict, by, count = 1 }: { readonly verdict: string; readonly by?: readonly string[] | undefined; readonly count?: number | undefined }): string | null {
  return verdict !== "approve" && (by !== undefined || count > 1) ? "Only with verdict: approve somebody is asked." : null;
}

/** The shape of `approvals:`. */
export const approvalsSchema = z.strictObject({
  groups: z.record(name, z.array(name).min(1)),
  fourEyes: z.boolean(),
}).partial();

/** `approvals:` with its defaults. */
export function approvalSettings({ groups = {}, fourEyes = false }: z.infer<typeof approvalsSchema> = {}): ApprovalSettings {
  return { approvers: { groups, fourEyes } };
}
