import type { Redactor } from "offstage/base";
import type { WebhookScheme, WebhookSource } from "offstage/triggers/webhook";
import { resolveReferences, type Sources } from "./references.ts";
import { registerOne } from "./resolve-server.ts";
import { SETTINGS_FILE } from "./settings.ts";
import type { WebhookSettings } from "./webhook-settings.ts";

/** A source of webhooks with its secrets, each registered. Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID`. */
export function resolveWebhook(settings: WebhookSettings, sources: Sources, redactor: Redactor): WebhookSource {
  const place = `${SETTINGS_FILE}: the webhook ${settings.name}`;
  const secrets = settings.secrets.map((reference) => {
    const made = resolveReferences(reference, sources, place);
    for (const secret of [...made.secrets, { name: `the secret of the webhook ${settings.name}`, value: made.value }]) registerOne(secret, redactor);
    return made.value;
  });
  return { name: settings.name, maxBytes: settings.maxBytes, scheme: schemeOf(settings, secrets) };
}

function schemeOf({ verify, idHeader, header, algorithm, encoding, prefix }: WebhookSettings, secrets: readonly string[]): WebhookScheme {
  switch (verify) {
    case "hmac":
      return { kind: "hmac", secrets, idHeader, header, algorithm, encoding, prefix };
    case "bearer":
      return { kind: "bearer", secrets, idHeader };
    default:
      return { kind: verify, secrets };
  }
}
