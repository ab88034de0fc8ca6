/** `key` has to end a word: `API_KEY` and `apiKeys` hold secrets, `KEYBOARD` does not. */
const TELLING = /token|secret|password|passphrase|credential|bearer|keys?(?![a-z])/i;

/** Words that tell when they are the last one: `DB_PASS`, `sessionCookie`; `AUTH_URL` and `PASS_THROUGH` hold none. */
const TELLING_AT_THE_END: ReadonlySet<string> = new Set(["pass", "passwd", "passcode", "pwd", "pw", "cred", "creds", "auth", "authorization", "cookie", "cookies", "pat", "jwt", "mnemonic"]);

/** Words that tell of some names and not of others: `OTP_SEED`, and `SEED=42`. */
const MAYBE_AT_THE_END: ReadonlySet<string> = new Set(["otp", "seed", "session", "sid"]);

/** What may have a password behind the user; `u` is a flag. */
const USERS: ReadonlySet<string> = new Set(["login", "user", "username", "userpass", "account", "u"]);

/** A shorter text is no secret that could be kept out of others. */
const SHORTEST = 8;

/** Shells keep folders there. */
const FOLDERS: ReadonlySet<string> = new Set(["PWD", "OLDPWD"]);

/** Whether a variable of this name holds a secret: its name says so, or the settings do. */
export function isSecretName(name: string, settings: { readonly secrets: readonly string[]; readonly plain: readonly string[] }): boolean {
  if (settings.secrets.includes(name)) return true;
  return !settings.plain.includes(name) && soundsSecret(name);
}

/** Whether the name alone says so, of whatever: a variable, a header, a part of a connection string, a flag. */
export function soundsSecret(name: string): boolean {
  if (FOLDERS.has(name)) return false;
  return TELLING.test(name) || TELLING_AT_THE_END.has(words(name).at(-1) ?? "");
}

/** Whether a name and its value look like a secret together, where neither does alone: for whoever loses nothing by taking too much for one. */
export function mayBeSecret(name: string, value: string): boolean {
  const last = words(name).at(-1) ?? "";
  // `X-Functions-Code`; a variable's code is a country's, or an exit code.
  const isHeader = /^[A-Za-z]\w*-/.test(name);
  return value.length >= SHORTEST && (MAYBE_AT_THE_END.has(last) || (isHeader && last === "code"));
}

/** `LOGIN=ada:correct-horse`, `-u ada:correct-horse`: a user and a password in one. */
export function isLogin(name: string, value: string): boolean {
  return USERS.has(words(name).at(-1) ?? "") && /^(?!(?:arn|urn|did|acct|mailto):)([^\s:@/\\]+):(?!\1$|\d+$|[/\\])\S{4,}$/.test(value);
}

/** `AUTH=basic` says how, not with what: such a name holds a secret only where its value is long enough to be one. */
export function mayBeMode(name: string): boolean {
  return !TELLING.test(name) && ["auth", "cookie", "cookies"].includes(words(name).at(-1) ?? "");
}

/** Whether a variable of this name holds a place and a password in one: `DATABASE_DSN`, `CONNECTION_STRING`. */
export function isConnectionName(name: string): boolean {
  return /(?:^|_)dsn(?:_|$)|conn(?:ection)?_?str/i.test(name);
}

/** What a URL is called that says where a service or a page is, by the word before it: `GITHUB_API_URL`, `JIRA_BASE_URL`. */
const OF_A_PLACE: ReadonlySet<string> = new Set(["api", "auth", "base", "callback", "home", "instance", "issuer", "public", "redirect", "site", "web"]);

/**
 * Whether a variable of this name may hold a password inside of something else: a connection, a webhook, a URL, unless its name says that it is the place of a service. For whoever
 * does not see the value, and loses nothing by taking too much for a secret.
 */
export function mayHoldPassword(name: string): boolean {
  const parts = words(name);
  const url = parts.findIndex((word) => /(?<!^c)ur[il]s?$/.test(word));
  return isConnectionName(name) || /^(?:conn|connection|webhooks?)$/.test(parts.at(-1) ?? "") || (url !== -1 && !OF_A_PLACE.has(parts[url - 1] ?? ""));
}

function words(name: string): readonly string[] {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== "");
}
