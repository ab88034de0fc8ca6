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
const SCHEMES = { redis: /^rediss?:$/, nats: /^(?:nats|tls):$/, sqs: /^https?:$/ } as const;
const EXAMPLES = { redis: "redis://user:password@host:6379/0, or rediss:// for TLS", nats: "nats://user:password@host:4222, or tls:// for TLS", sqs: "https://sqs.eu-central-1.amazonaws.com/123456789012/orders" } as const;

/** A queue with its secrets, each registered: the password in its URL too. Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID`. */
export function resolveQueue(settings: QueueSettings, sources: Sources, redactor: Redactor): QueueConfig {
  const place = `${SETTINGS_FILE}: the queue ${settings.name}`;
  const url = resolveReferences(settings.url, sources, place);
  registerUrl(url, settings.name, redactor);
  const protocol = URL.parse(url.value)?.protocol ?? "";
  if (!SCHEMES[settings.kind].test(protocol)) throw new OffstageError("CONFIG_INVALID", `${place}: its \`url\` is none of ${settings.kind}.`, { hint: `Write ${EXAMPLES[settings.kind]}.` });
  const around = { sources, place, redactor, queue: settings.name };
  switch (settings.kind) {
    case "redis":
      return { ...settings, url: url.value };
    case "nats":
      return { ...settings, url: url.value, credentials: settings.credentials === null ? null : secretOf(settings.credentials, around) };
    case "sqs": {
      const { keys } = settings;
      // Where nothing is said, AWS's client looks into the environment by itself.
      for (const name of AWS_SECRETS) registerFound(name, sources, redactor);
      return { ...settings, url: url.value, keys: keys === null ? null : { accessKeyId: resolveReferences(keys.accessKeyId, sources, place).value, secretAccessKey: secretOf(keys.secretAccessKey, around) } };
    }
  }
}

const AWS_SECRETS = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

function registerFound(name: string, { env }: Sources, redactor: Redactor): void {
  const value = variableOf(env, name);
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
