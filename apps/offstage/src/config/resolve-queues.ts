import { OffstageError, type Redactor } from "offstage/base";
import type { QueueConfig } from "offstage/triggers/queue";
import { maskCredentials } from "./credentials.ts";
import type { QueueSettings } from "./queue-settings.ts";
import { registerHost } from "./register-host.ts";
import { type ResolvedText, resolveReferences, type Sources } from "./references.ts";
import { registerOne } from "./resolve-server.ts";
import { SETTINGS_FILE } from "./settings.ts";

/** What the URL of a queue's broker may begin with. */
const SCHEMES = { redis: /^rediss?:$/, nats: /^(?:nats|tls):$/ } as const;
const EXAMPLES = { redis: "redis://user:password@host:6379/0, or rediss:// for TLS", nats: "nats://user:password@host:4222, or tls:// for TLS" } as const;

/** A queue with its secrets, each registered: the password in its URL too. Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID`. */
export function resolveQueue(settings: QueueSettings, sources: Sources, redactor: Redactor): QueueConfig {
  const place = `${SETTINGS_FILE}: the queue ${settings.name}`;
  const url = resolveReferences(settings.url, sources, place);
  registerUrl(url, settings.name, redactor);
  const protocol = URL.parse(url.value)?.protocol ?? "";
  if (!SCHEMES[settings.kind].test(protocol)) throw new OffstageError("CONFIG_INVALID", `${place}: its \`url\` is none of ${settings.kind}.`, { hint: `Write ${EXAMPLES[settings.kind]}.` });
  return settings.kind === "nats" ? { ...settings, url: url.value, credentials: secretOf(settings.credentials, { sources, place, redactor, queue: settings.name }) } : { ...settings, url: url.value };
}

/** What a secret is resolved with. */
interface Around {
  readonly sources: Sources;
  readonly place: string;
  readonly redactor: Redactor;
  readonly queue: string;
}

/** A setting that is a secret as a whole, however it came here. */
function secretOf(reference: string | null, { sources, place, redactor, queue }: Around): string | null {
  if (reference === null) return null;
  const made = resolveReferences(reference, sources, place);
  for (const secret of [...made.secrets, { name: `the credentials of the queue ${queue}`, value: made.value }]) registerOne(secret, redactor);
  return made.value;
}

function registerUrl(url: ResolvedText, queue: string, redactor: Redactor): void {
  const credentials = maskCredentials(url.value).credentials.map((value) => ({ name: `the password of the queue ${queue}`, value }));
  for (const secret of [...url.secrets, ...credentials]) registerOne(secret, redactor);
  registerHost(url, redactor);
}
