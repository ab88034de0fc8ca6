import fc from "fast-check";
import type { Data } from "../base/index.ts";
import type { Program } from "../program/index.ts";
import { bodyProgram, renameTools } from "./compile-source.ts";
import { FakeWorld } from "./fake-ports.ts";
import type { FakeTool } from "./fake-tool.ts";

// The checker forbids what these programs do (writes in for…of): their tools are named as reads and renamed afterwards.
const WRITE = "lookup";

/** Statements over `t` (the value of a held write), `n` and `xs` (locals that change), and `r` (read before). */
const condition = fc.constantFrom("t.flag", "t.key === \"K\"", "n > 1", "r.flag", "xs.length > 1", "t.n > 2 && r.flag", "!t.flag", "xs.some((x) => x === t.n)", "f(t.flag)", "n > t.n");
let counter = 0;
const write = fc.constantFrom("{ v: n }", "{ v: t.key }", "{ v: xs }", "{}").map((args) => () => `const w${++counter} = await world.${WRITE}({ id: ${counter}, ...${args} });`);
const simple = fc.oneof(
  write,
  fc.constantFrom("n += 1;", "n = t.n;", "xs.push(n);", "xs.push(5);", "n = xs.length;", "n = f(t.n > 1) ? 1 : 2;", "n = t.flag ? n : n + 1;", "const z = await world.get({ v: n }); n = z.n;").map((text) => () => text.replace(/\bz\b/g, `z${++counter}`)),
);
/** Text that is made when it is known which statement comes where: names are numbered. */
type Make = () => string;
const { statement } = fc.letrec<{ statement: Make; block: Make }>((tie) => ({
  block: fc.array(tie("statement"), { minLength: 1, maxLength: 3 }).map((makes) => () => makes.map((make) => make()).join("\n")),
  statement: fc.oneof(
    { maxDepth: 3, depthIdentifier: "program" },
    { arbitrary: simple, weight: 4 },
    { arbitrary: fc.tuple(condition, tie("block"), fc.option(tie("block"))).map(([test, then, otherwise]) => () => `if (${test}) {\n${then()}\n}${otherwise === null ? "" : ` else {\n${otherwise()}\n}`}`), weight: 4 },
    { arbitrary: fc.tuple(condition, fc.constantFrom("return n;", "throw fail(\"no\");", "break;", "continue;")).map(([test, way]) => () => `if (${test}) { ${way} }`), weight: 3 },
    { arbitrary: fc.tuple(tie("block"), tie("block")).map(([body, handler]) => () => `try {\n${body()}\n} catch {\n${handler()}\n}`), weight: 2 },
    { arbitrary: fc.tuple(fc.constantFrom("[1, 2]", "t.items", "xs.slice(0, 2)"), tie("block")).map(([list, body]) => () => `for (const i${++counter} of ${list}) {\n${body()}\n}`), weight: 2 },
    { arbitrary: tie("block").map((body) => () => { const name = `h${++counter}`; return `const ${name} = async (n: any, xs: any[]) => {\n${body()}\n};\nawait ${name}(n, [...xs]);`; }), weight: 1 },
    { arbitrary: tie("block").map((body) => () => `await each([1, 2], { key: (k) => String(k), parallel: 2 }, async (k) => {\nlet n: any = k; const xs: any[] = [1];\n${body()}\n});`), weight: 1 },
    { arbitrary: fc.tuple(tie("block"), tie("block")).map(([one, other]) => () => `await parallel({\na: async () => { let n: any = 1; const xs: any[] = [1];\n${one()}\n},\nb: async () => { let n: any = 2; const xs: any[] = [];\n${other()}\n} });`), weight: 1 },
  ),
}));

const BODY = (statements: string): string => `
const f = (x: any) => { if (x) { return true; } return false; };
const r = await world.get({ v: 0 });
const t = await world.${WRITE}({ id: 0 });
let n: any = 1;
const xs: any[] = [1];
${statements}
await world.${WRITE}({ id: "last", n });
return n;`;

/** A program of generated statements; null when its text is none, as with a break outside of a loop. */
export function generatedProgram(makes: readonly Make[]): { readonly text: string; readonly program: Program | null } {
  counter = 0;
  const text = makes.map((make) => make()).join("\n");
  return { text, program: compile(text) };
}

function compile(statements: string): Program | null {
  try {
    return renameTools(bodyProgram(BODY(statements), "", "reads-only"), { [WRITE]: "create" });
  } catch (error) {
    // Not every generated text is a program: a break outside of a loop, a type that never holds.
    if (/does not check/.test((error as Error).message)) return null;
    throw error;
  }
}

type Written = Readonly<Record<"id", number | string>>;

/** A world whose writes answer by their number: what a plan could not know. */
export function generatedWorld({ answers, fails, unlike = [] }: WorldAnswers): FakeWorld {
  const at = (args: Written): number => Number(args.id) || 0;
  const tools: { readonly [name: string]: FakeTool } = {
    create: {
      effect: "write",
      answer: (args: Written) => { const n = answers[at(args) % answers.length] ?? 0; return otherwise({ flag: n % 2 === 0, key: n > 2 ? "K" : "L", n, items: Array.from({ length: n % 4 }, (_, index) => index) }, unlike, n); },
      fault: (args: Written) => (fails[at(args) % fails.length] === true && args.id !== 0 ? "failed" : null),
    },
    get: { effect: "read", answer: ({ v }: { readonly v: Data }) => otherwise({ flag: v === 0, n: typeof v === "number" ? v + 1 : 0 }, unlike, typeof v === "number" ? v : 0) },
  };
  return new FakeWorld(tools);
}

/** An answer with other values in the places of some of its members. */
function otherwise(answer: { readonly [name: string]: Data }, unlike: readonly (Data | undefined)[], from: number): Data {
  return Object.fromEntries(Object.entries(answer).map(([name, value], index) => [name, unlike[Math.abs(Math.trunc(from) + index) % unlike.length] ?? value]));
}

/** What the writes answer, and which fail. `unlike`: what stands in the places of members, of whatever kind; undefined: the member's own. */
export interface WorldAnswers {
  readonly unlike?: readonly (Data | undefined)[];
  readonly answers: readonly number[];
  readonly fails: readonly boolean[];
}

/** Any {@link WorldAnswers}. */
export const worldAnswers: fc.Arbitrary<WorldAnswers> = fc.record({ answers: fc.array(fc.nat(5), { minLength: 3, maxLength: 3 }), fails: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }) });

/** The statements of a program. */
export const statements: fc.Arbitrary<readonly Make[]> = fc.array(statement, { minLength: 1, maxLength: 4 });
