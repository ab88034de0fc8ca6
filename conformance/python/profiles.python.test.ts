import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Data, isOffstageError, parseExact, stringifyExact } from "offstage/base";
import { compileProfile } from "offstage/engine";
import { printProfile } from "offstage/exporters/python";
import { createRulebook } from "offstage/host";
import type { ProfileProgram } from "offstage/program";
import fc from "fast-check";
import { expect, test } from "vitest";
import { profilePrograms } from "./printed-programs.ts";

const PYTHON = process.env["OFFSTAGE_PYTHON"] ?? "python3";
const SOURCES = fileURLToPath(new URL("../../packages/python/src", import.meta.url));
const CASES = Math.min(Number(process.env["OFFSTAGE_CASES"] ?? 300), 300);

/** Texts that a profile speaks of, and the names of arguments: what a call has to have for a rule to be its rule. */
function words(program: ProfileProgram): { readonly texts: readonly string[]; readonly names: readonly string[] } {
  const texts = new Set<string>(["", "é"]);
  const names = new Set<string>(["id"]);
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (typeof value === "string" && key === "value") texts.add(value);
      if (typeof value === "string" && (key === "name" || key === "member" || key === "property") && /^[a-z_]\w{1,30}$/i.test(value)) names.add(value);
      if (typeof value === "string" && key === "source") for (const piece of value.split(/\\[a-z]|[\\^$()[\]{}|*+?.]+/)) texts.add(piece);
      if (key !== "debug") walk(value);
    }
  };
  walk(program);
  return { texts: [...texts], names: [...names] };
}

function questions(id: string, program: ProfileProgram, seed: number) {
  const { texts, names } = words(program);
  const text = fc.oneof({ arbitrary: fc.constantFrom(...texts), weight: 4 }, { arbitrary: fc.array(fc.constantFrom(...texts), { maxLength: 4 }).map((parts) => parts.join("")), weight: 2 }, { arbitrary: fc.string({ maxLength: 5 }), weight: 1 });
  const scalar = fc.oneof({ arbitrary: text, weight: 4 }, { arbitrary: fc.boolean(), weight: 1 }, { arbitrary: fc.nat(3), weight: 1 }, { arbitrary: fc.constant(null), weight: 1 });
  const args = fc.dictionary(fc.constantFrom(...names), fc.oneof(scalar, fc.array(text, { maxLength: 2 })), { maxKeys: 5 });
  const data = fc.oneof(fc.constant(null), args, fc.array(args, { maxLength: 2 }), fc.dictionary(fc.constantFrom(...names), fc.oneof(scalar, args, fc.array(args, { maxLength: 2 })), { maxKeys: 4 }));
  const reply = fc.record({ text: fc.oneof(text, data.map((one) => JSON.stringify(one))), data, isError: fc.boolean() });
  const tool = fc.constantFrom(...Object.keys(program.rules), "nobody");
  return fc.sample(fc.record({ tool, args, reply }), { numRuns: CASES, seed }).map((one) => ({ id, ...one }));
}

type Question = ReturnType<typeof questions>[number];

/** What comes after a page is asked of one whose items were found: of an answer of another shape than its type says, nothing is. */
function byTypeScript(program: ProfileProgram): (question: Question) => Data {
  const profile = compileProfile(program);
  const book = createRulebook({ profiles: new Map([["s", profile]]), policyEffect: () => null, trustedRead: () => false });
  return ({ tool, args, reply }) => {
    const rule = book.rules.rule("s", tool, args as Data);
    const asked = [rule.result, rule.failed, rule.refused, rule.gone].map((fn) => (fn === undefined ? "unsaid" : attempt(() => fn(reply as never))));
    const pages = book.tools.paging("s", tool, args as never);
    const first = pages.first(args as never);
    return { class: book.tools.classify("s", tool, args as never), sensitive: rule.sensitive, rate: rule.rate, asked, first, following: attempt(() => [pages.items(reply.data as never), pages.next(first, reply.data as never, 0)][1]), max: pages.max } as unknown as Data;
  };
}

function attempt(ask: () => unknown): unknown {
  try {
    return ask();
  } catch (error) {
    return isOffstageError(error) ? "RESULT_UNREADABLE" : String(error);
  }
}

test("printed profiles say of calls and of their answers what the interpreter says", () => {
  const programs = profilePrograms();
  const lines: string[] = [];
  const expected: unknown[] = [];
  for (const [index, { id, program }] of programs.entries()) {
    lines.push(JSON.stringify({ id, text: printProfile("server", program).content }));
    const say = byTypeScript(program);
    for (const question of questions(id, program, index + 1)) {
      lines.push(JSON.stringify(question));
      expected.push({ question, said: parseExact(stringifyExact(say(question))) });
    }
  }
  // Rules are met, and answers that they speak of.
  expect(expected.filter((one) => /"asked":\[[^\]]*true/.test(stringifyExact(one))).length).toBeGreaterThan(expected.length / 20);
  const { status, stdout, stderr, error } = spawnSync(PYTHON, [fileURLToPath(new URL("ask_profiles.py", import.meta.url))], { input: `${lines.join("\n")}\n`, encoding: "utf8", maxBuffer: 256 * 1024 * 1024, env: { ...process.env, PYTHONPATH: SOURCES, PYTHONDONTWRITEBYTECODE: "1" } });
  expect(`${error?.message ?? ""}${stderr}`).toBe("");
  expect(status).toBe(0);
  const said = stdout.trimEnd().split("\n").map((line, index) => ({ question: (expected[index] as { readonly question: Question }).question, said: parseExact(line) }));
  expect(said.length).toBe(expected.length);
  const wrong = said.flatMap((one, index) => (stringifyExact(one) === stringifyExact(expected[index]) ? [] : [{ python: one.said, ...(expected[index] as object) }]));
  expect(wrong.slice(0, 5), `${wrong.length} of ${said.length}`).toEqual([]);
}, 240_000);
