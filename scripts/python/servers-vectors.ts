import { parseEnv } from "node:util";
import { createRedactor, type Data, isOffstageError, parseExact, parseReference, stringifyExact } from "offstage/base";
import { hashTool } from "offstage/tools";
import fc from "fast-check";
import { maskCredentials } from "../../apps/offstage/src/config/credentials.ts";
import { isConnectionName, mayBeMode, soundsSecret } from "../../apps/offstage/src/config/secret-names.ts";
import { parseServers } from "../../apps/offstage/src/config/server-entry.ts";
import { parseSettings } from "../../apps/offstage/src/config/settings.ts";
import { targetOf } from "../../apps/offstage/src/config/target.ts";
import { judge, type RawReply, readProtocolLine, type Rule, type RuleReply, withoutIssueDump } from "../../packages/runtime/src/testing/reply-reading.ts";
import type { Vector, VectorOptions } from "./vector.ts";

const SECRET = "swordfish-1234";
const WORDS = ["token", "TOKEN", "api_key", "apiKeys", "KEYBOARD", "DB_PASS", "passThrough", "AUTH", "auth", "Cookie", "PWD", "DATABASE_DSN", "connString", "user", "secret", "Password", "x-functions-key", "session", "JWT", "url"];
const VALUES = ["hunter2-hunter2", "p/w#1@x", "a b", "", "Bearer abcdef123456", "Basic YWRhOmh1bnRlcjI=", "${X}", "'quoted'", '"quoted"', "***", "ghp_0123456789abcdefghij", "é😀%20%zz", "x;y&z=1", "{braced}", "\\u00e9\\n"];
const PLACES = ["db.example:5432/x", "127.0.0.1", "[::1]:80/p?token=abc&y=1#f", "tcp(host:3306)/db", "example.com/a@b?x=@", "h", "x.example/?api_key=a;b=c"];
const SCHEMES = ["postgres://", "https://", "mongodb+srv://", "HTTP://", "jdbc:x://", ""];

const word = fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 8 }), fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom("_", "-", "", " ", "S", "2"), fc.constantFrom(...WORDS)).map((parts) => parts.join("")));
const value = fc.oneof(fc.constantFrom(...VALUES), fc.string({ maxLength: 12 }));
const url = fc.tuple(fc.constantFrom(...SCHEMES), fc.constantFrom("", "ada", "ada@x.example", "ghp_0123456789abcdefghij"), fc.constantFrom("", ":"), value, fc.constantFrom("", "@"), fc.constantFrom(...PLACES)).map((parts) => parts.join(""));
const named = fc.tuple(word, fc.constantFrom("=", " = ", ": ", ":", '":"', " ", "  ", ";"), value).map((parts) => parts.join(""));
const flag = fc.tuple(fc.constantFrom("--", "-", "---"), word, fc.constantFrom(" ", "=", "   "), value).map((parts) => parts.join(""));
const text = fc.array(fc.oneof(url, named, flag, value, fc.constantFrom(" ", "\n", ", ", "'", '"', "`", "|")), { maxLength: 5 }).map((parts) => parts.join(""));
const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Data>;
/** Whatever both may call white space, or not. */
const anyText = fc.oneof(fc.string({ unit: "binary", maxLength: 12 }), fc.constantFrom("", " ", "\ufeff{}", "\u0085[1]", "\u00a0{}", "﻿ 1", SECRET, `<${SECRET}>`, '{"a":1}', "[1,2]", "null", '"x"', "nope", "12", '{"id":9007199254740993,"items":[{"token":"t"}]}', "1e400"));

/** The rooms `calls`, `mcp` and `config`: what replies mean, what lines are, what hides in texts, what files say. */
export function* serversVectors({ cases, seed }: VectorOptions): Iterable<Vector> {
  const sample = <T>(arbitrary: fc.Arbitrary<T>, share = 1): readonly T[] => fc.sample(arbitrary, { numRuns: Math.ceil(cases * share), seed });
  yield* replies(sample);
  for (const one of sample(text)) {
    const { shown, urls, credentials } = maskCredentials(one);
    yield { of: "mask", text: one, gives: { shown, urls, credentials } };
  }
  for (const one of [...WORDS, ...sample(word, 0.5)]) yield { of: "name", name: one, gives: [soundsSecret(one), mayBeMode(one), isConnectionName(one)] };
  for (const inner of sample(fc.tuple(fc.constantFrom("env:", "file:", "exec:", "secret:", "input:", "", "x:"), fc.oneof(word, value, text), fc.constantFrom("", ":-", ":-x", " 'a b'", ' --x="y z"')).map((parts) => parts.join("")))) yield { of: "reference", inner, ...attempt(() => parseReference(inner, "p")) };
  for (const [args, env] of sample(fc.tuple(fc.array(text, { maxLength: 3 }), fc.dictionary(fc.oneof(word, fc.constantFrom("NODE_ENV", "HTTPS_PROXY", "BASE_URL", "LOG_LEVEL", "LC_ALL")), fc.record({ shown: text, secret: fc.boolean() }), { maxKeys: 4 })), 0.5)) yield { of: "target", args, env, gives: targetOf({ kind: "stdio", args, env }) };
  for (const one of sample(fc.oneof(json, fc.object() as fc.Arbitrary<Data>), 0.5)) {
    const written = attempt(() => stringifyExact(one))["gives"];
    if (typeof written === "string") yield { of: "hash", text: written, gives: hashTool(parseExact(written) as never) };
  }
  yield* files(sample);
}

type Sample = <T>(arbitrary: fc.Arbitrary<T>, share?: number) => readonly T[];

function* replies(sample: Sample): Iterable<Vector> {
  const redactor = createRedactor();
  redactor.register(SECRET, "TOKEN");
  const block = fc.oneof(fc.record({ type: fc.constant("text"), text: anyText }), fc.record({ type: fc.constantFrom("image", "hologram"), data: anyText }), fc.record({ type: fc.constant("text"), text: json.map((one) => JSON.stringify(one)) }));
  const content = fc.array(block, { maxLength: 3 });
  const reply = fc.oneof(
    fc.record({ kind: fc.constant("result" as const), isError: fc.boolean(), structured: fc.oneof(fc.constant(undefined), fc.constant(null), json, fc.constant({ items: [{ token: SECRET, id: 1 }], [SECRET]: 2 })), content, declined: fc.boolean() }),
    fc.record({ kind: fc.constant("error" as const), error: fc.record({ code: fc.constantFrom("SERVER_TIMEOUT" as const, "SERVER_EXITED" as const), message: anyText }), sent: fc.boolean(), text: fc.oneof(fc.constant(undefined), anyText) }),
  );
  const holds = fc.constantFrom(null, "a", "1", " ", "TOKEN", "raises");
  const rule = fc.record({ effect: fc.constantFrom("read" as const, "prepare" as const, "write" as const), sensitive: fc.constantFrom<readonly string[]>([], ["items[].token"], ["text"], ["content"], ["a.b", "[]"]), failed: holds, refused: holds, gone: holds, result: fc.constantFrom(null, "text", "data", "raises") });
  for (const [raw, said] of sample(fc.tuple(reply, rule))) {
    const asked = stringifyExact(raw);
    if (!asked.isWellFormed()) continue;
    const whole: Rule = { effect: said.effect, sensitive: said.sensitive, rate: {}, ...predicate("failed", said.failed), ...predicate("refused", said.refused), ...predicate("gone", said.gone), ...(said.result === null ? {} : { result: (seen: RuleReply) => (said.result === "raises" ? raise() : said.result === "text" ? { key: seen.text } : seen.data) }) };
    yield { of: "judge", reply: asked, rule: said, gives: stringifyExact(judge(parseExact(asked) as unknown as RawReply, { what: "shop.tool", rule: whole, redactor })) };
  }
}

function predicate(name: "failed" | "refused" | "gone", holds: string | null): Partial<Rule> {
  if (holds === null) return {};
  return { [name]: (seen: RuleReply) => (holds === "raises" ? raise() : seen.text.includes(holds)) };
}

function raise(): never {
  throw new TypeError("it cannot be read");
}

function* files(sample: Sample): Iterable<Vector> {
  const lines = fc.oneof(anyText, json.map((one) => JSON.stringify(one)), fc.record({ jsonrpc: fc.constantFrom("2.0", "1.0"), id: fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null)), result: json }).map((one) => JSON.stringify(one)), fc.record({ jsonrpc: fc.constant("2.0"), id: fc.integer(), error: fc.oneof(json, fc.record({ code: fc.oneof(fc.integer(), fc.string()), message: json, data: json })) }, { requiredKeys: ["jsonrpc", "error"] }).map((one) => JSON.stringify(one)));
  for (const line of sample(lines, 0.5)) if (line.isWellFormed() && !/[\n\r]/.test(line)) yield { of: "line", line, gives: jsonOrNull(readProtocolLine(line)) };
  for (const one of sample(fc.tuple(fc.constantFrom("", "Invalid: "), fc.oneof(fc.array(fc.record({ path: fc.array(fc.oneof(fc.string(), fc.nat())), message: fc.string() }), { maxLength: 7 }), fc.array(json, { maxLength: 2 }))), 0.2)) yield { of: "issues", text: `${one[0]}${JSON.stringify(one[1])}`, gives: withoutIssueDump(`${one[0]}${JSON.stringify(one[1])}`) };
  // Not what Node reads otherwise than anybody writes it: a variable without a value, a quote that nobody closes.
  const line = fc.tuple(fc.constantFrom("", " ", "export ", "# "), fc.constantFrom("A", "B_C", "d.e"), fc.constantFrom("=", " = "), fc.constantFrom("x", "'a b'", '"a\\nb"', '"two\nlines"', "`t`", "x # c", "'x' # c", "a=b"), fc.constantFrom("\n", "\r\n")).map((parts) => parts.join(""));
  for (const lines of sample(fc.array(line, { maxLength: 4 }), 0.2)) yield { of: "env-file", text: lines.join(""), gives: parseEnv(lines.join("")) };
  const entry = fc.oneof(fc.record({ command: fc.oneof(fc.string(), fc.constant("serve")), args: fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean())), env: fc.dictionary(word, fc.oneof(fc.string(), fc.integer())), disabled: fc.boolean(), cwd: fc.string(), envFile: fc.constant(".env"), type: fc.constant("stdio") }, { requiredKeys: [] }), fc.record({ url: fc.constant("https://x.example"), serverUrl: fc.constant("https://y.example"), headers: fc.dictionary(word, fc.string()), type: fc.constantFrom("sse", "http") }, { requiredKeys: [] }), json);
  const input = fc.record({ id: fc.constantFrom("a", "b"), type: fc.constantFrom("promptString", "pickString"), password: fc.boolean(), options: fc.array(fc.oneof(fc.string(), fc.record({ value: fc.string() }))) }, { requiredKeys: ["id"] });
  for (const file of sample(fc.record({ mcpServers: fc.dictionary(fc.constantFrom("a", "b_c", "1x", "d"), entry, { maxKeys: 3 }), servers: fc.dictionary(fc.constantFrom("e", "a"), entry, { maxKeys: 1 }), inputs: fc.array(input, { maxLength: 2 }) }, { requiredKeys: [] }), 0.5)) {
    const said = JSON.stringify(file);
    const parsed = parseServers(said);
    yield { of: "servers", text: said, gives: parsed.ok ? { servers: parsed.servers, disabled: parsed.disabled, inputs: parsed.inputs.map(({ id }) => id) } : "CONFIG_INVALID" };
  }
  for (const said of sample(settings(), 0.5).map((one) => JSON.stringify(one))) {
    const parsed = parseSettings(said, "/project");
    yield { of: "settings", text: said, gives: parsed.ok ? { policy: withoutPlaces(parsed.settings.policy), classes: parsed.settings.classes, retention: parsed.settings.retention, timeouts: [...parsed.settings.timeoutsMs], rates: [...parsed.settings.rates], secrets: parsed.settings.secrets, plain: parsed.settings.plain, dryRun: parsed.settings.dryRun, store: parsed.settings.store.file } : "CONFIG_INVALID" };
  }
}

function settings(): fc.Arbitrary<unknown> {
  const duration = fc.constantFrom("90s", "1h", "2d", "7d", "400d", "9999d", "0s", "1h30m", "30s", "10ms", 5);
  const name = fc.constantFrom("jira", "*", "", "a*b", 3);
  const scalar = fc.constantFrom("x", 3, 2.5, true, null);
  const match = fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }), fc.record({ is: scalar, contains: fc.array(scalar, { maxLength: 2 }), over: scalar, under: scalar, given: scalar, not: fc.oneof(scalar, fc.record({ over: fc.constant(1) })), what: scalar }, { requiredKeys: [] }));
  const window = fc.record({ days: fc.constantFrom("mon-fri", "fri-mon", ["sat", "sun"], "sun", "x", []), hours: fc.constantFrom("09:00-17:00", "22:00-06:00", "00:00-24:00", "9-5", "25:00-26:00", "10:00-10:00"), timezone: fc.constantFrom("Europe/Berlin", "UTC", "Mars") }, { requiredKeys: ["timezone"] });
  const rule = fc.record({ verdict: fc.constantFrom("allow", "deny", "approve", "wait", "perhaps"), workflow: name, server: name, tool: name, record: name, action: fc.constantFrom("create", "call", "jump"), args: fc.dictionary(fc.constantFrom("a", "lines[].price", "repository.name"), match, { maxKeys: 2 }), when: window, outside: window, by: fc.constantFrom("ada", ["ada", "bo"], []), count: fc.constantFrom(1, 2, 21, "2") }, { requiredKeys: ["verdict"] });
  return fc.record({
    version: fc.constantFrom(1, 1, 1, 2),
    policy: fc.record({ rules: fc.array(rule, { maxLength: 2 }), limits: fc.array(fc.record({ perDay: fc.constantFrom(0, 5, -1, 1.5), server: name }, { requiredKeys: ["perDay"] }), { maxLength: 2 }), classes: fc.array(fc.record({ server: name, tool: name, effect: fc.constantFrom("read", "write", "x") }, { requiredKeys: ["server", "tool"] }), { maxLength: 1 }), trustHints: fc.constantFrom(true, "yes"), guard: fc.record({ count: fc.constantFrom(0, 9, -1), share: fc.constantFrom(0, 0.5, 2) }, { requiredKeys: [] }) }, { requiredKeys: [] }),
    plan: fc.record({ maxAge: duration }, { requiredKeys: [] }),
    grants: fc.record({ maxAge: duration }, { requiredKeys: [] }),
    retention: fc.record({ runs: fc.oneof(duration, fc.constant("forever")), events: duration }, { requiredKeys: [] }),
    servers: fc.dictionary(fc.constantFrom("jira", "x"), fc.record({ timeout: duration, rate: fc.record({ perSecond: fc.constantFrom(1, 0.5, 0, 2000), concurrent: fc.constantFrom(1, 0, 1.5) }, { requiredKeys: [] }) }, { requiredKeys: [] }), { maxKeys: 1 }),
    secrets: fc.array(fc.constantFrom("A", ""), { maxLength: 1 }), plain: fc.array(fc.constantFrom("B", 1), { maxLength: 1 }), dryRun: fc.constantFrom(true, false, "no"), approvals: fc.record({ groups: fc.dictionary(fc.constantFrom("team"), fc.array(fc.constantFrom("ada", ""), { maxLength: 2 })), fourEyes: fc.boolean(), timeout: duration }, { requiredKeys: [] }),
    what: fc.constant(1),
  }, { requiredKeys: [] }).filter((one) => one.what === undefined || Math.abs(JSON.stringify(one).length % 7) === 0);
}

/** Each names its own file. */
const withoutPlaces = (policy: object): unknown => JSON.parse(JSON.stringify(policy, (key, one: unknown) => (key === "place" ? undefined : one)));

const jsonOrNull = (data: unknown): string | null => (data === null ? null : stringifyExact(data));

/** `give` with what is thrown told by its code. */
function attempt(give: () => unknown): Vector {
  try {
    return { gives: give() };
  } catch (error) {
    if (isOffstageError(error)) return { throws: error.code };
    throw error;
  }
}
