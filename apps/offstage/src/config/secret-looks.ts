import { maskCredentials } from "./credentials.ts";

/** How services begin their tokens; what follows is long and has a digit somewhere. */
const KNOWN = /(?:^|[^A-Za-z0-9])(?:gh[pousr]_|github_pat_|glpat-|xox[a-z]-|xapp-|sk-|sk_|rk_|pk_|AKIA|ASIA|AIza|ya29\.|npm_|pypi-|hf_|lin_api_|ntn_|secret_|sntry[su]_|SG\.|dop_v1_|figd_|ATATT|ATCTT|shpat_|eyJ)(?=[\w.-]{0,200}\d)[\w.-]{10}/;

/** Hashes that pin what is run: they stand where everybody may read them. */
const PINS = /@?sha(?:256|384|512)[:-][A-Za-z0-9+/=]{32,128}|(?<=(?:^git\+|^github:|\.git)\S{0,300})[@#][0-9a-f]{40}\b|(?<=\/nix\/store\/)[a-z0-9]{32}(?=-)/g;

/** Some services make their keys so; whether one has digits and letters in turn is chance. */
const UUID = /(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])/i;

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** `postgres://ada:horse@db`, and no template or word in brackets in the password's place. */
const PASSWORD_IN_URL = /[a-z][a-z0-9+.-]{0,31}:\/\/[^\s:@/?#'"`]{0,64}:(?![${<[*…%])[^\s@/?#'"`]{3,128}@(?=[\w[])/i;

/** Shorter ones are names, places and numbers. */
const SHORTEST = 16;

/**
 * Whether a text holds something that looks like a secret, whatever it is called: a credential in a URL, a header or a connection
 * string, a token as services make them, or a long run of characters that no person chose. A passphrase of words does not.
 */
export function looksSecret(text: string): boolean {
  if (PRIVATE_KEY.test(text) || maskCredentials(text).credentials.length > 0) return true;
  const rest = text.replace(PINS, " ");
  if (KNOWN.test(rest) || UUID.test(rest)) return true;
  return (rest.match(/[A-Za-z0-9_-]{16,}/g) ?? []).some(looksRandom) || (rest.match(/[A-Za-z0-9+/]{24,}={0,2}/g) ?? []).some((run) => /[+=]/.test(run));
}

/** Whether a text, of a program too, holds a private key, a token as services make them, or the password of a URL: what no person writes by chance, also among names. */
export function holdsToken(text: string): boolean {
  return PRIVATE_KEY.test(text) || KNOWN.test(text) || PASSWORD_IN_URL.test(text);
}

/** Letters and digits in turn, or capitals where no word begins. */
function looksRandom(run: string): boolean {
  if (run.split(/[^A-Za-z0-9]+/).some((word) => word.length >= SHORTEST && changes(word) >= 2 && /\d/.test(word))) return true;
  if (run.split(/[^A-Za-z0-9]+/).some((word) => word.length >= SHORTEST && /^[A-Za-z]+$/.test(word) && (caseChanges(word) * 3 > word.length || word.length >= 40))) return true;
  const bare = run.replace(/[^A-Za-z0-9]/g, "");
  return bare.length >= 20 && changes(bare) >= 4;
}

/** How often a letter stands beside a digit. */
function changes(word: string): number {
  return word.match(/(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])/g)?.length ?? 0;
}

function caseChanges(word: string): number {
  return word.match(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[a-z])/g)?.length ?? 0;
}
