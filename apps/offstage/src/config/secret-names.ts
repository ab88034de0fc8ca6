/** `key` has to end a word: `API_KEY` and `apiKeys` hold secrets, `KEYBOARD` does not. */
const TELLING = /token|secret|password|credential|keys?(?![a-z])/i;

/** Whether a variable of this name holds a secret: its name says so, or the settings do. */
export function isSecretName(name: string, settings: { readonly secrets: readonly string[]; readonly plain: readonly string[] }): boolean {
  if (settings.secrets.includes(name)) return true;
  return !settings.plain.includes(name) && TELLING.test(name);
}
