import { OffstageError, type Redactor } from "offstage/base";
import type { WebhookScheme, WebhookSource } from "offstage/triggers/webhook";
import type { MetricsSettings } from "./serve-settings.ts";
import { resolveReferences, type Sources } from "./references.ts";
import { resolveAll } from "./resolve-all.ts";
import { registerOne } from "./resolve-server.ts";
import { SETTINGS_FILE } from "./settings.ts";
import type { WebhookSettings } from "./webhook-settings.ts";

/** A source of webhooks with its secrets, each registered. Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID`. */
export function resolveWebhook(settings: WebhookSettings, sources: Sources, redactor: Redactor): WebhookSource {
  const what = `the webhook ${settings.name}`;
  const secrets = resolveSecrets(settings.secrets, { place: `${SETTINGS_FILE}: ${what}`, name: `the secret of ${what}` }, sources, redactor);
  return { name: settings.name, maxBytes: settings.maxBytes, rate: settings.rate, scheme: schemeOf(settings, secrets) };
}

/** The tokens that metrics are shown for, each registered. Errors as of {@link resolveWebhook}. */
export function resolveMetricsTokens({ tokens }: MetricsSettings, sources: Sources, redactor: Redactor): readonly string[] {
  return resolveSecrets(tokens, { place: `${SETTINGS_FILE}: serve.metrics.token`, name: "the token of the metrics" }, sources, redactor);
}

/** References, each resolved and registered under `name`. Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID`. */
export function resolveSecrets(references: readonly string[], { place, name }: { readonly place: string; readonly name: string }, sources: Sources, redactor: Redactor): readonly string[] {
  return resolveAll(references, (reference) => {
    const made = resolveReferences(reference, sources, place);
    for (const secret of [...made.secrets, { name, value: made.value }]) registerOne(secret, redactor);
    return made.value;
  });
}

function schemeOf({ verify, idHeader, header, algorithm, encoding, prefix, certificate: rule }: WebhookSettings, secrets: readonly string[]): WebhookScheme {
  if (rule !== null) return { kind: "mtls", idHeader, rule };
  switch (verify) {
    case "mtls":
      throw new OffstageError("BUG", "A webhook by certificates has no rule.");
    case "hmac":
      return { kind: "hmac", secrets, idHeader, header, algorithm, encoding, prefix };
    case "bearer":
      return { kind: "bearer", secrets, idHeader };
    default:
      return { kind: verify, secrets };
  }
}
