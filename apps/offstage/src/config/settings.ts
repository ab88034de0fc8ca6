import { isAbsolute, join } from "node:path";
import { type Diagnostic, parseDataPath } from "offstage/base";
import type { Retention } from "offstage/host";
import type { RateLimit } from "offstage/calls";
import type { Policy } from "offstage/model";
import type { MaskRule } from "offstage/rehearsal";
import { z } from "zod";
import { type ApprovalSettings, approvalSettings, approvalsSchema } from "./approval-settings.ts";
import { type AuthSettings, authSchema, tokensSchema } from "./auth-settings.ts";
import { checkShape } from "./check-shape.ts";
import { durationUpTo } from "./duration-setting.ts";
import { grantsSchema, planSchema, policySchema, policySettings, withoutUndefined } from "./policy-settings.ts";
import { parsePositioned, type PositionedData } from "./positioned-data.ts";
import { type QueueSettings, queueSettings, queuesSchema } from "./queue-settings.ts";
import { rateFields, rateSettings } from "./rate-settings.ts";
import { sandboxFields, type SandboxSettings, sandboxSettings } from "./sandbox-settings.ts";
import { type StoreSettings, storeSchema, storeSettings } from "./store-settings.ts";
import { requestFields, type RequestSettings, requestSettings } from "./requests-settings.ts";
import { retentionSchema, retentionSettings } from "./retention-settings.ts";
import { isLoopback, serveFault, serveSchema, type ServeSettings, serveSettings } from "./serve-settings.ts";
import { certificateSourceFault, type WebhookSettings, webhookSettings, webhooksSchema } from "./webhook-settings.ts";

/** What `offstage.yaml` says; everything has a working default. */
export interface Settings {
  readonly policy: Policy;
  /** What the project says of tools' calls, over what profiles and hints say; the first that matches. `offstage lock` pins it. */
  readonly classes: readonly ToolClass[];
  readonly store: StoreSettings;
  /** How long what is over is kept in it. */
  readonly retention: Retention;
  /** How long one call of a tool may take, by server; `*` for those not named. Milliseconds. */
  readonly timeoutsMs: ReadonlyMap<string, number>;
  /** How fast servers may be called, whatever their profiles allow besides; by server. */
  readonly rates: ReadonlyMap<string, RateLimit>;
  /** What servers may ask of us, by server; for those not named {@link requestSettings} has what holds. */
  readonly requests: ReadonlyMap<string, RequestSettings>;
  /** The sandboxes of servers that have one. */
  readonly sandboxes: ReadonlyMap<string, SandboxSettings>;
  /** Names of variables whose values are secrets, whatever they are called. */
  readonly secrets: readonly string[];
  /** Names of variables that sound like secrets and are none. */
  readonly plain: readonly string[];
  /** Where the values of `${input:x}` come from, by the input's id; references are not resolved. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The models that workflows may ask; null when none is named. */
  readonly model: ModelSettings | null;
  /** How servers get their tokens, by server. References are not resolved. */
  readonly auth: ReadonlyMap<string, AuthSettings>;
  /** Where logins are kept (absolute), and a reference to the key that seals them; null: none is named. */
  readonly tokens: { readonly folder: string; readonly key: string | null };
  /** Sources of webhooks. */
  readonly webhooks: readonly WebhookSettings[];
  /** Nothing is written: runs show what they would do. */
  readonly dryRun: boolean;
  /** Where `offstage serve` listens, and who may look at it. */
  readonly serve: ServeSettings;
  /** Queues whose messages start runs. */
  readonly queues: readonly QueueSettings[];
  /** How people are asked, and answer. */
  readonly approvals: ApprovalSettings;
  /** What recorded fixtures shall not hold. */
  readonly masks: readonly MaskRule[];
}

/** `*` in a tool's name matches any run of characters. */
export interface ToolClass {
  readonly server: string;
  readonly tool: string;
  readonly effect: "read" | "prepare" | "write";
}

/** `model:` of the file. References in it are not resolved. */
export interface ModelSettings {
  /** `provider/model`, for an `ask` that names none. */
  readonly use: string;
  readonly timeoutMs: number;
  readonly providers: readonly { readonly name: string; readonly url: string; readonly key: string | null; readonly structured: boolean }[];
}

/** The file's name. */
export const SETTINGS_FILE = "offstage.yaml";

const DEFAULT_TIMEOUT_MS = 60_000;

/** Nobody waits longer for a call, and a timer could not: it takes 24.8 days. */
const LONGEST_TIMEOUT = "1d";

const timeout = durationUpTo(LONGEST_TIMEOUT);

const name = z.string().min(1);

const maskSchema = z.union([
  z.strictObject({
    path: z.string().refine((path) => parseDataPath(path) !== null, { error: 'This is no path; write "issues[].fields.created", or "**.created" for any depth.' }),
    server: name,
    tool: name,
    with: z.json(),
  }).partial({ server: true, tool: true, with: true }),
  z.strictObject({ text: z.string().min(1).refine(isRegularExpression, { error: "This is no regular expression." }), with: z.string() }),
]);

function isRegularExpression(text: string): boolean {
  try {
    return new RegExp(text, "gu") instanceof RegExp;
  } catch {
    return false;
  }
}

const modelSchema = z
  .strictObject({
    use: z.string(),
    timeout: timeout.optional(),
    providers: z.record(z.string().regex(/^[a-z0-9-]+$/, { error: "A provider is named by lower-case letters, digits and -." }), z.strictObject({ url: name, key: name.optional(), structured: z.boolean().optional() })),
  })
  .refine(({ use, providers }) => Object.keys(providers).some((provider) => use.startsWith(`${provider}/`) && use.length > provider.length + 1), { error: "Write one of its providers and a model, \"local/qwen3:8b\".", path: ["use"] });

const schema = z
  .strictObject({
    version: z.literal(1),
    policy: policySchema,
    dryRun: z.boolean(),
    plan: planSchema,
    grants: grantsSchema,
    store: storeSchema,
    retention: retentionSchema,
    servers: z.record(name, z.strictObject({ timeout, auth: authSchema, ...requestFields, ...sandboxFields, ...rateFields }).partial()),
    tokens: tokensSchema,
    model: modelSchema,
    webhooks: webhooksSchema,
    serve: serveSchema,
    queues: queuesSchema,
    approvals: approvalsSchema,
    fixtures: z.strictObject({ mask: z.array(maskSchema) }).partial(),
    inputs: z.record(name, z.string()),
    secrets: z.array(name),
    plain: z.array(name),
  })
  .partial()
  .superRefine(({ serve, webhooks = {}, approvals }, context) => {
    const fault = serveFault(serveSettings(serve), Object.keys(webhooks).length > 0 || approvals?.links !== undefined);
    if (fault !== null) context.addIssue({ code: "custom", path: ["serve", fault.field], message: fault.message });
    const source = certificateSourceFault(webhooks, !isLoopback(serveSettings(serve).listen));
    if (source !== null) context.addIssue({ code: "custom", path: ["webhooks", source.source], message: source.message });
  });

type SettingsDocument = z.infer<typeof schema>;

export type ParsedSettings = { readonly ok: true; readonly settings: Settings } | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Reads the text of `offstage.yaml`; an empty one, or none, is all defaults. `folder` is the project's, absolute. */
export function parseSettings(text: string | null, folder: string): ParsedSettings {
  if (text === null || text.trim() === "") return { ok: true, settings: settingsOf({}, null, folder) };
  const parsed = parsePositioned(text, SETTINGS_FILE);
  if (!parsed.ok) return parsed;
  // A file of comments only.
  if (parsed.document.data === null) return { ok: true, settings: settingsOf({}, null, folder) };
  const shaped = checkShape(schema, parsed.document, SETTINGS_FILE);
  return shaped.ok ? { ok: true, settings: settingsOf(shaped.value, parsed.document, folder) } : shaped;
}

function settingsOf(document: SettingsDocument, text: PositionedData | null, folder: string): Settings {
  return {
    policy: policySettings(document, (list, index) => `${SETTINGS_FILE}:${text?.placeOf(["policy", list, index]).line ?? 1}`),
    dryRun: document.dryRun ?? false,
    classes: document.policy?.classes ?? [],
    store: storeSettings(document.store, folder),
    retention: retentionSettings(document.retention),
    timeoutsMs: new Map([["*", DEFAULT_TIMEOUT_MS], ...Object.entries(document.servers ?? {}).flatMap(([server, { timeout }]) => (timeout === undefined ? [] : [[server, timeout] as const]))]),
    rates: rateSettings(document.servers),
    requests: new Map(Object.entries(document.servers ?? {}).map(([server, fields]) => [server, requestSettings(fields)])),
    auth: new Map(Object.entries(document.servers ?? {}).flatMap(([server, { auth }]) => (auth === undefined ? [] : [[server, auth] as const]))),
    tokens: tokensOf(document.tokens ?? {}, folder),
    sandboxes: new Map(Object.entries(document.servers ?? {}).flatMap(([server, fields]) => {
      const sandbox = sandboxSettings(fields);
      return sandbox === null ? [] : [[server, sandbox] as const];
    })),
    inputs: document.inputs ?? {},
    secrets: document.secrets ?? [],
    plain: document.plain ?? [],
    model: modelOf(document.model),
    webhooks: webhookSettings(document.webhooks),
    serve: serveSettings(document.serve),
    queues: queueSettings(document.queues),
    approvals: approvalSettings(document.approvals),
    masks: (document.fixtures?.mask ?? []).map(withoutUndefined),
  };
}

function tokensOf({ folder: tokens = ".offstage/tokens", key = null }: { readonly folder?: string | undefined; readonly key?: string | null | undefined }, folder: string): Settings["tokens"] {
  return { folder: isAbsolute(tokens) ? tokens : join(folder, tokens), key };
}

function modelOf(model: SettingsDocument["model"]): ModelSettings | null {
  if (model === undefined) return null;
  const providers = Object.entries(model.providers).map(([provider, { url, key = null, structured = true }]) => ({ name: provider, url, key, structured }));
  return { use: model.use, timeoutMs: model.timeout ?? DEFAULT_TIMEOUT_MS, providers };
}
