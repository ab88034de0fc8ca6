const encoder = new TextEncoder();

/**
 * The texts in which a secret can turn up: raw; as JSON escapes it, once to three times, with and without escapes for all but
 * ASCII, with `\/`; in base64 and base64url at each of the three alignments (so inside `user:token` too); URL-encoded.
 */
export function formsOfSecret(secret: string): readonly string[] {
  const raw = secret.toWellFormed();
  const forms = new Set<string>([secret, raw]);
  const json = JSON.stringify(raw).slice(1, -1);
  for (const escaped of [json, escapeNonAscii(json), escapeSlashes(json), escapeSlashes(escapeNonAscii(json))]) {
    const twice = JSON.stringify(escaped).slice(1, -1);
    for (const form of [escaped, twice, JSON.stringify(twice).slice(1, -1)]) forms.add(form);
  }
  for (const form of base64Forms(encoder.encode(raw))) {
    forms.add(form);
    forms.add(form.replaceAll("+", "-").replaceAll("/", "_"));
    forms.add(escapeSlashes(form));
    forms.add(encodeURIComponent(form));
  }
  for (const form of urlForms(raw)) forms.add(form);
  return [...forms];
}

function escapeNonAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function escapeSlashes(text: string): string {
  return text.replaceAll("/", String.raw`\/`);
}

/** Whole and padded as it stands alone; and, for each alignment, the characters that the secret alone decides. */
function base64Forms(bytes: Uint8Array): readonly string[] {
  const alone = toBase64(bytes);
  const forms = [alone, alone.replace(/=+$/, "")];
  for (const before of [0, 1, 2]) {
    const shifted = new Uint8Array(before + bytes.length);
    shifted.set(bytes, before);
    const decidedBits = shifted.length * 8;
    forms.push(toBase64(shifted).slice(Math.ceil((before * 8) / 6), Math.floor(decidedBits / 6)));
  }
  return forms;
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function urlForms(raw: string): readonly string[] {
  const plain = encodeURIComponent(raw);
  const strict = plain.replace(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return [plain, encodeURI(raw), strict, plain.replaceAll("%20", "+"), strict.replaceAll("%20", "+")].flatMap((form) => [form, form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}
