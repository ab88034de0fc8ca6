import type { JsonObject } from "offstage/base";
import type { Approvers } from "offstage/model";
import { z } from "zod";
import { durationUpTo } from "./duration-setting.ts";
import { oneOrSeveral } from "./one-or-several.ts";

/** `approvals:` of `offstage.yaml`. References in `links.keys` are not resolved. */
export interface ApprovalSettings {
  readonly approvers: Approvers;
  /** null: nobody answers by links. */
  readonly links: LinkSettings | null;
  /** null: nobody is told of what waits. */
  readonly notify: NotifySettings | null;
}

/** Through which tool people are told of what waits for them. */
export interface NotifySettings {
  readonly server: string;
  readonly tool: string;
  /** A template: texts with fields of {@link FIELDS}. */
  readonly args: JsonObject;
  /** People and groups, a message each; null: one message, for whoever reads it. */
  readonly to: readonly string[] | null;
  readonly most: number;
}

const FIELDS = ["message", "link", "approver", "workflow", "run", "request", "count"] as const;

/** Where links lead, how they are signed and how long they hold. */
export interface LinkSettings {
  /** Without a slash at its end. */
  readonly url: string;
  /** References, not resolved; the first one signs. */
  readonly keys: readonly string[];
  readonly maxAgeMs: number;
}

const DAY = 86_400_000;

const name = z.string().min(1);
/** A name, or several. */
export const namesSchema = oneOrSeveral(name);

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
  timeout: durationUpTo("365d", "1m"),
  links: z.strictObject({
    url: z.string().transform((text, context) => {
      const url = URL.parse(text);
      if (url !== null && /^https?:$/.test(url.protocol) && !/[?#]/.test(url.href) && url.username + url.password === "") return url.href.replace(/\/+$/, "");
      context.addIssue({ code: "custom", message: 'Write where people reach this process, without a password: it would stand in every link. "https://offstage.example".' });
      return z.NEVER;
    }),
    key: namesSchema,
    maxAge: durationUpTo("365d", "1m").optional(),
  }),
  notify: z.strictObject({
    server: name, tool: name, to: namesSchema.optional(), most: z.int().min(1).max(50).optional(),
    args: z.record(name, z.json()).superRefine((args, context) => {
      const unknown = fieldsOf(args).find((field) => !(FIELDS as readonly string[]).includes(field));
      if (unknown !== undefined) context.addIssue({ code: "custom", message: `There is no field {{ ${unknown} }}; there are ${FIELDS.join(", ")}.` });
    }),
  }),
}).partial().superRefine(({ links, notify }, context) => {
  if (notify !== undefined && links === undefined && fieldsOf(notify.args).includes("link")) context.addIssue({ code: "custom", path: ["notify", "args"], message: 'A link leads nowhere yet: say where, links: { url: "https://offstage.example", key: "${secret:APPROVAL_LINK_KEY}" }.' });
});

function fieldsOf(template: unknown): readonly string[] {
  return [...JSON.stringify(template).matchAll(/\{\{ *([^{}]*?) *\}\}/g)].map(([, field = ""]) => field);
}

/** `approvals:` with its defaults. */
export function approvalSettings({ groups = {}, fourEyes = false, timeout, links, notify }: z.infer<typeof approvalsSchema> = {}): ApprovalSettings {
  return {
    approvers: { groups, fourEyes, ...(timeout === undefined ? {} : { timeoutMs: timeout }) },
    links: links === undefined ? null : { url: links.url, keys: links.key, maxAgeMs: Math.min(links.maxAge ?? 3 * DAY, timeout ?? Infinity) },
    notify: notify === undefined ? null : { server: notify.server, tool: notify.tool, args: notify.args as JsonObject, to: notify.to ?? null, most: notify.most ?? 5 },
  };
}
