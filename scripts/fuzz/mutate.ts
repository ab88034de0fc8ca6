import type { Draw } from "./draw.ts";

/** What no person writes, or only once: put in anywhere. */
const HOSTILE = [
  "\0", "\ufeff", "\ud800", "\udc00", "\u2028", "\r\n", "\r", "😀", "é", "ℼ", "\u200d", "__proto__", ".__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "arguments", "eval", "undefined", "NaN", "globalThis", "this", "super",
  "<a/>", "<T>", "<T,>() => {}", "@dec", "@dec()", "#x", "class A {}", "class { static {} }", "enum E { A }", "namespace N {}", "declare const q: 1;", "function* g() { yield 1; }", "async function f() {}", "import('x')", "import.meta", "new.target", "export {}", "export default 1",
  "type L<T> = T extends [] ? 1 : L<T>;", "type M = { [K in keyof M]: M };", "type T0 = `${T0}x`;", "interface I extends I {}", "as unknown as never", "satisfies any", "!", "!!", "?.", "?.[0]", "?.()", "...", "=> {", "=>", "`", "`${", "${", "/*", "*/", "//", "/", "/(a+)+$/u", "/[/", "'", '"', "\\", "\\u0061", "\\u{110000}",
  "0x", "1n", "1e999", "9007199254740993", "0b2", "08", "1_000", ".5.", "++", "--", "**", "**=", ">>>", "??=", "||", "&&", "??", "==", "in", "instanceof", "typeof", "void", "delete", "await", "yield", "async", "let", "var", "const", "if", "else", "for (const x of [1])", "while (1)", "switch (1) {}", "try {", "} catch {", "finally {}", "return", "break", "continue", "throw", "with (1)", "debugger", "label:",
  "once", "each", "record", "state", "parallel", "workflow", "profile", "fail()", "now()", "inputs", "event", "run", "github", "jira", "repo", "tracker", "(", ")", "[", "]", "{", "}", ",", ";", ":", "=", ".", "?",
];

const TOKEN = /\s+|\/\/.*|"(?:[^"\\\n]|\\.)*"|`[^`]*`|[A-Za-z_$][\w$]*|\d[\w.]*|=>|\?\.|\.\.\.|[=!<>+\-*/%&|?]+|./gsu;

/** A text that was one of `sources` before something happened to it, several times. */
export function mutate(draw: Draw, sources: readonly string[]): string {
  let text = draw.pick(sources);
  for (let times = 1 + draw.below(4); times > 0; times--) text = draw.pick(MUTATIONS)(draw, text, sources);
  return text;
}

/** A text that mostly still parses, so that more than the parser sees it: names, literals and operators become others of their kind, lines move. */
export function mutateWithin(draw: Draw, sources: readonly string[]): string {
  let text = draw.pick(sources);
  for (let times = 1 + draw.below(3); times > 0; times--) {
    const other = draw.chance(0.7) ? text : draw.pick(sources);
    text = draw.chance(0.75) ? exchanged(draw, text, other) : movedLine(draw, text, other);
  }
  return text;
}

/** What may stand in each other's place. */
const KINDS: readonly RegExp[] = [/^[A-Za-z_$][\w$]*$/, /^(?:"|`|\d)/, /^(?:[<>]=?|[=!]==|[-+*/%]|&&|\|\||\?\?|[-+*/%]?=)$/];
const KEYWORDS: ReadonlySet<string> = new Set(["import", "from", "export", "default", "const", "let", "if", "else", "for", "of", "return", "try", "catch", "throw", "new", "type", "async", "as"]);

function exchanged(draw: Draw, text: string, other: string): string {
  return inTokens(draw, text, (tokens, from) => {
    const at = tokens.findIndex((token, index) => index >= from && kindOf(token) >= 0);
    const kind = kindOf(tokens[at] ?? "");
    const others = [...(other.match(TOKEN) ?? []), ...tokens].filter((token) => kindOf(token) === kind);
    return at < 0 || others.length === 0 ? tokens : tokens.toSpliced(at, 1, draw.pick(others));
  });
}

function kindOf(token: string): number {
  return KEYWORDS.has(token) ? -1 : KINDS.findIndex((kind) => kind.test(token));
}

/** A line that is whole by itself, put elsewhere. */
function movedLine(draw: Draw, text: string, other: string): string {
  const whole = other.split("\n").filter((line) => /[;}]$/.test(line) && /^[^{}()]*(?:\([^()]*\)[^{}()]*)*;$/.test(line) && !/^(?:import|export)/.test(line.trim()));
  const lines = text.split("\n");
  const at = draw.below(lines.length);
  return (whole.length === 0 ? lines.toSpliced(at, 1) : lines.toSpliced(at, 0, draw.pick(whole))).join("\n");
}

type Mutation = (draw: Draw, text: string, sources: readonly string[]) => string;

const MUTATIONS: readonly Mutation[] = [
  (draw, text) => inTokens(draw, text, (tokens, at) => tokens.toSpliced(at, 1 + draw.below(3))),
  (draw, text) => inTokens(draw, text, (tokens, at) => tokens.toSpliced(at, 0, draw.pick(HOSTILE))),
  (draw, text) => inTokens(draw, text, (tokens, at) => tokens.toSpliced(at, 1, draw.pick(HOSTILE))),
  (draw, text) => inTokens(draw, text, (tokens, at) => tokens.toSpliced(at, 1, tokens[draw.below(tokens.length)] ?? "")),
  (draw, text) => inTokens(draw, text, (tokens, at) => { const end = at + 1 + draw.below(12); return tokens.toSpliced(end, 0, ...tokens.slice(at, end)); }),
  // A name becomes another one of the text, everywhere or once.
  (draw, text) => renamed(draw, text),
  (draw, text, sources) => { const other = draw.pick(sources); const from = draw.below(other.length); return text.slice(0, draw.below(text.length)) + other.slice(from, from + draw.below(200)) + text.slice(draw.below(text.length)); },
  (draw, text) => text.slice(0, draw.below(text.length + 1)),
  (draw, text) => inTokens(draw, text, (tokens, at) => { const [open, close] = draw.pick([["(", ")"], ["[", "]"], ["{", "}"], ["!", ""], ["() => ", ""], ["`${", "}`"], ["await ", ""], ["true ? 1 : ", ""]] as const); const times = draw.pick([1, 2, 20, 90, 150, 5_000]); return tokens.toSpliced(at, 1, open.repeat(times) + (tokens[at] ?? "") + close.repeat(times)); }),
  (_, text) => text.replaceAll("\n", "\r\n"),
  (draw, text) => { const lines = text.split("\n"); const at = draw.below(lines.length); return lines.toSpliced(draw.below(lines.length), 0, lines[at] ?? "").join("\n"); },
];

function inTokens(draw: Draw, text: string, change: (tokens: string[], at: number) => string[]): string {
  const tokens = text.match(TOKEN) ?? [""];
  return change(tokens, draw.below(tokens.length)).join("");
}

function renamed(draw: Draw, text: string): string {
  const names = [...new Set(text.match(/[A-Za-z_$][\w$]*/g) ?? ["a"])];
  const from = draw.pick(names);
  const to = draw.chance(0.5) ? draw.pick(names) : draw.pick(["__proto__", "constructor", "toString", "then", "\\u0061b", "ünïcode", "𝒳", "await", "hasOwnProperty"]);
  return draw.chance(0.5) ? text.replaceAll(new RegExp(`\\b${from.replaceAll("$", "\\$")}\\b`, "g"), () => to) : text.replace(from, () => to);
}

/** Text of the language's pieces, in no order. */
export function tokenSoup(draw: Draw, sources: readonly string[]): string {
  const tokens = draw.pick(sources).match(TOKEN) ?? [""];
  return Array.from({ length: draw.below(60) }, () => (draw.chance(0.7) ? draw.pick(tokens) : draw.pick(HOSTILE)) + (draw.chance(0.5) ? " " : "")).join("");
}
