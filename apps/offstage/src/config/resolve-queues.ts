import { OffstageError, type Redactor } from "offstage/base";
import type { QueueConfig } from "offstage/triggers/queue";
import { maskCredentials } from "./credentials.ts";
import { variableOf } from "./environment.ts";
import type { QueueSettings } from "./queue-settings.ts";
import { registerHost } from "./register-host.ts";
import { type ResolvedText, resolveReferences, type Sources } from "./references.ts";
import { registerOne } from "./resolve-server.ts";
import { SETTINGS_FILE } from "./settings.ts";

/** What the URL of a queue's broker may begin with. */
const SCHEMES = { redis: /^rediss?:$/, nats: /^(?:nats|tls):$/, sqs: /^https?:$/, pubsub: /^http:$/ } as const;
const EXAMPLES = {
  redis: "redis://user:password@host:6379/0, or rediss:// for TLS", nats: "nats://user:password@host:4222, or tls:// for TLS", sqs: "https://sqs.eu-central-1.amazonaws.com/123456789012/orders", pubsub: "http://127.0.0.1:8085, of an emulator; Google itself needs none",
} as const;

/** A queue with its secrets, each registered: the password in its URL too. Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID`. */
export function resolveQueue(settings: QueueSettings, sources: Sources, redactor: Redactor): QueueConfig {
  const around: Around = { sources, place: `${SETTINGS_FILE}: the queue ${settings.name}`, redactor, queue: settings.name };
  switch (settings.kind) {
    case "redis":
      return { ...settings, url: urlOf(settings.url, settings.kind, around) };
    case "nats":
      return { ...settings, url: urlOf(settings.url, settings.kind, around), credentials: settings.credentials === null ? null : secretOf(settings.credentials, around) };
    case "sqs": {
      const { keys, url, ...rest } = settings;
      // Where nothing is said, AWS's client looks into the environment by itself.
      for (const name of AWS_SECRETS) registerFound(name, around);
      return { ...rest, url: urlOf(url, settings.kind, around), keys: keys === null ? null : { accessKeyId: resolveReferences(keys.accessKeyId, sources, around.place).value, secretAccessKey: secretOf(keys.secretAccessKey, around) } };
    }
    case "pubsub": {
      const { url, credentials, ...rest } = settings;
      return { ...rest, endpoint: url === null ? null : new URL(urlOf(url, settings.kind, around)).host, credentials: credentials === null ? null : serviceAccount(credentials, around) };
    }
  }
}

function urlOf(reference: string, kind: QueueSettings["kind"], { sources, place, redactor, queue }: Around): string {
  const url = resolveReferences(reference, sources, place);
  registerUrl(url, queue, redactor);
  const { protocol = "", username = "", password = "" } = URL.parse(url.value) ?? {};
  // NATS takes a token in the user's place.
  if (kind === "nats" && username !== "" && password === "") registerOne({ name: `the token of the queue ${queue}`, value: decodeURIComponent(username) }, redactor);
  if (!SCHEMES[kind].test(protocol)) throw new OffstageError("CONFIG_INVALID", `${place}: its \`url\` is none of ${kind}.`, { hint: `Write ${EXAMPLES[kind]}.` });
  return url.value;
}

const KEY_FILE_HINT = 'Name the key file of a service account: credentials: "${file:/run/secrets/pubsub.json}"';

/** The whole is a secret, and so is the key inside of it: that is what a client might tell. */
function serviceAccount(reference: string, around: Around): string {
  const json = secretOf(reference, around);
  try {
    const { type = "service_account", private_key: key, client_email: account } = JSON.parse(json) as { readonly type?: unknown; readonly private_key?: unknown; readonly client_email?: unknown };
    if (typeof key === "string") registerOne({ name: `the key of the queue ${around.queue}`, value: key }, around.redactor);
    // Google's client would throw that where nobody hears it, and end the process.
    if (type === "service_account" && typeof account !== "string") throw new OffstageError("CONFIG_INVALID", `${around.place}: its \`credentials\` have no client_email.`, { hint: KEY_FILE_HINT });
    return json;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new OffstageError("CONFIG_INVALID", `${around.place}: its \`credentials\` are no JSON.`, { hint: KEY_FILE_HINT });
  }
}

const AWS_SECRETS = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

function registerFound(name: string, { sources, redactor }: Around): void {
  const value = variableOf(sources.env, name);
  if (value !== undefined && value !== "") registerOne({ name, value }, redactor);
}

/** What a secret is resolved with. */
interface Around {
  readonly sources: Sources;
  readonly place: string;
  readonly redactor: Redactor;
  readonly queue: string;
}

/** A setting that is a secret as a whole, however it came here. */
function secretOf(reference: string, { sources, place, redactor, queue }: Around): string {
  const made = resolveReferences(reference, sources, place);
  for (const secret of [...made.secrets, { name: `the credentials of the queue ${queue}`, value: made.value }]) registerOne(secret, redactor);
  return made.value;
}

function registerUrl(url: ResolvedText, queue: string, redactor: Redactor): void {
  const credentials = maskCredentials(url.value).credentials.map((value) => ({ name: `the password of the queue ${queue}`, value }));
  for (const secret of [...url.secrets, ...credentials]) registerOne(secret, redactor);
  registerHost(url, redactor);
}
