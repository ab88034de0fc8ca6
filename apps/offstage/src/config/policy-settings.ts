import { parseDataPath } from "offstage/base";
import { type ArgumentMatch, DEFAULT_POLICY, type Policy, type PolicyRule } from "offstage/model";
import { z } from "zod";
import { type approvalsSchema, approvalSettings, approverFault, approverFields } from "./approval-settings.ts";
import { durationUpTo } from "./duration-setting.ts";
import { oneOrSeveral } from "./one-or-several.ts";
import { isAlways, windowSchema } from "./window-setting.ts";

/** Far enough away for whatever is kept, and still a date. */
const LONGEST_AGE = "3650d";
/** A permission that is over before a run can go on with it is none. */
const SHORTEST_GRANT = "1m";

const name = z.string().min(1);
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const scalars = oneOrSeveral(scalar);

const plainMatchSchema = z
  .strictObject({ is: scalars, contains: scalars, over: z.number(), under: z.number(), given: z.boolean() })
  .partial();
const matchSchema = z
  .union([
    scalars.transform((is) => ({ is })),
    plainMatchSchema.extend({ not: z.union([scalars.transform((is) => ({ is })), plainMatchSchema]).optional() }),
  ])
  .refine((match) => Object.keys(match).length > 0, { error: "Say what it has to be: a text, a list of texts, or { contains: prod }, { over: 1000 }, { given: true }, { not: … }." });

const argsSchema = z.record(z.string().refine(isArgumentPath, { error: 'This is no path to an argument; write "labels", "repository.name", or "lines[].price".' }), matchSchema);

function isArgumentPath(text: string): boolean {
  return parseDataPath(text)?.every(({ kind }) => kind !== "anywhere") === true;
}

const ruleSchema = z
  .strictObject({
    verdict: z.enum(["allow", "deny", "approve", "wait"]),
    workflow: name,
    server: name,
    tool: name,
    record: name,
    action: z.enum(["create", "adopt", "update", "release", "reopen", "recreate", "call", "start"]),
    args: argsSchema,
    when: windowSchema,
    outside: windowSchema,
    ...approverFields,
  })
  .partial({ workflow: true, server: true, tool: true, record: true, action: true, args: true, when: true, outside: true })
  .refine(({ args, tool }) => args === undefined || tool !== undefined, { error: "A rule about arguments names the tool whose arguments they are.", path: ["args"] })
  .refine(({ verdict, when, outside }) => verdict !== "wait" || when !== undefined || outside !== undefined, { error: 'Say how long: when: { hours: "22:00-06:00" }, or outside: { days: mon-fri, hours: "09:00-17:00" }.', path: ["verdict"] })
  .refine(({ verdict, when, outside }) => verdict !== "wait" || outside !== undefined || when === undefined || !isAlways(when), { error: "This is all the time, and what waits for its end would wait for ever. Write verdict: deny, or approve.", path: ["when"] })
  .superRefine((rule, context) => {
    const fault = approverFault(rule);
    if (fault !== null) context.addIssue({ code: "custom", message: fault });
  });

const whole = name.refine((text) => !text.includes("*"), { error: "A limit counts by whole names; leave the field out for all." });
const limitSchema = z.strictObject({ perDay: z.int().min(0), workflow: whole, server: whole, tool: whole }).partial({ workflow: true, server: true, tool: true });

/** The shape of `policy:`. */
export const policySchema = z.strictObject({
  rules: z.array(ruleSchema),
  limits: z.array(limitSchema),
  classes: z.array(z.strictObject({ server: name, tool: name, effect: z.enum(["read", "prepare", "write"]) })),
  trustHints: z.boolean(),
  guard: z.strictObject({ count: z.int().min(0), share: z.number().min(0).max(1) }).partial(),
}).partial();

/** The shape of `plan:`. */
export const planSchema = z.strictObject({ maxAge: durationUpTo(LONGEST_AGE) }).partial();
/** The shape of `grants:`. */
export const grantsSchema = z.strictObject({ maxAge: durationUpTo(LONGEST_AGE, SHORTEST_GRANT) }).partial();

/** What of the file is policy. */
export interface PolicyDocument {
  readonly policy?: z.infer<typeof policySchema> | undefined;
  readonly plan?: z.infer<typeof planSchema> | undefined;
  readonly grants?: z.infer<typeof grantsSchema> | undefined;
  readonly approvals?: z.infer<typeof approvalsSchema> | undefined;
}

/** The policy of a file, with its defaults. `placeOf`: where an item of one of its lists stands, for people. */
export function policySettings({ policy = {}, plan = {}, grants = {}, approvals }: PolicyDocument, placeOf: (list: "rules" | "limits", index: number) => string): Policy {
  return {
    rules: (policy.rules ?? []).map((rule, index): PolicyRule => ({ ...withoutUndefined(rule), ...(rule.args === undefined ? {} : { args: argsOf(rule.args) }), place: placeOf("rules", index) }) as PolicyRule),
    limits: (policy.limits ?? []).map((limit, index) => ({ ...withoutUndefined(limit), place: placeOf("limits", index) })),
    planMaxAgeMs: plan.maxAge ?? DEFAULT_POLICY.planMaxAgeMs,
    grantMaxAgeMs: grants.maxAge ?? DEFAULT_POLICY.grantMaxAgeMs,
    trustHints: policy.trustHints ?? DEFAULT_POLICY.trustHints,
    approvers: approvalSettings(approvals).approvers,
    guard: { count: policy.guard?.count ?? DEFAULT_POLICY.guard.count, share: policy.guard?.share ?? DEFAULT_POLICY.guard.share },
  };
}

function argsOf(args: z.infer<typeof argsSchema>): Readonly<Record<string, ArgumentMatch>> {
  return Object.fromEntries(Object.entries(args).map(([path, match]) => [path, withoutUndefined("not" in match && match.not !== undefined ? { ...match, not: withoutUndefined(match.not) } : match) as ArgumentMatch]));
}

/** An absent field of a rule matches everything; one that is there with `undefined` is not the same to a hash. */
export function withoutUndefined<T extends object>(rule: T): { readonly [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)) as { readonly [Key in keyof T]: Exclude<T[Key], undefined> };
}
