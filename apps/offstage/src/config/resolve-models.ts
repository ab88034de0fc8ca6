import type { Redactor } from "offstage/base";
import type { ModelProvider } from "offstage/models";
import { registerHost } from "./register-host.ts";
import { resolveReferences, type Sources } from "./references.ts";
import { registerOne } from "./resolve-server.ts";
import { type ModelSettings, SETTINGS_FILE } from "./settings.ts";

/**
 * The providers of models with their keys, when one is needed and not before: every secret is registered. A key is one
 * however it came here. Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID`.
 */
export function resolveModels(settings: Pick<ModelSettings, "providers">, sources: Sources, redactor: Redactor): readonly ModelProvider[] {
  return settings.providers.map(({ name, url, key, structured }) => {
    const place = `${SETTINGS_FILE}: the provider ${name}`;
    const address = resolveReferences(url, sources, place);
    const made = key === null ? null : resolveReferences(key, sources, place);
    const whole = made === null || made.secrets.some(({ value }) => value === made.value) ? [] : [{ name: `${name} key`, value: made.value }];
    for (const secret of [...address.secrets, ...(made?.secrets ?? []), ...whole]) registerOne(secret, redactor);
    registerHost(address, redactor);
    return { name, url: address.value, key: made?.value ?? null, structured };
  });
}
