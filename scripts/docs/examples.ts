import { readFences } from "./fences.ts";

/** An example of a page, as a module that the compiler takes. */
export interface Example {
  /** Names its file and its workflow. */
  readonly name: string;
  readonly page: string;
  readonly line: number;
  readonly kind: "workflow" | "profile";
  readonly source: string;
  /** The code that the page says it gives; null: none at all. */
  readonly gives: string | null;
  /** False when it checks all the same: what it gives is a warning. */
  readonly refused: boolean;
  /** The numbers of the rules that it is the case of. */
  readonly rules: readonly string[];
}

const RULE = /^\d+\.\d+$/;

/** How an example is put into a module, by the word behind `ts`. `module` and `profile` are whole ones. */
const AROUND: Readonly<Record<string, (text: string, name: string) => string>> = {
  // Its file is named for the page, and a workflow is called as its file.
  module: (text, name) => text.replace(/(?<=\bworkflow\(\{\s*name: ")[^"]*/, name),
  profile: (text) => text,
  body: (text, name) => moduleOf(name, "", "[]", text),
  "uses-cursor": (text, name) => moduleOf(name, `const cursor = state("cursor", 0);`, "[]", text),
  triggered: (text, name) => moduleOf(name, "", `[every("1h")]`, text),
  on: (text, name) => moduleOf(name, "", `[${text}]`, "return 1;"),
  options: (text, name) => `import { every, input, workflow } from "offstage";\nexport default workflow({ name: "${name}", ${text.includes("on: ") ? "" : "on: [], "}${text} }, async () => 1);\n`,
  // A record that nothing uses would be told.
  top: (text, name) => moduleOf(name, text, "[]", `${[...text.matchAll(/^const (\w+) = record\(.*\n/gm)].map((match) => `await ${match[1] ?? ""}.all();`).join(" ")} return 1;`),
};

const VOCABULARY = "workflow, input, record, once, each, state, every, cron, webhook, queue, resource, quote, capture, captures, lines, parseCsv, chunk, range, groupBy, hash, fail, log, now, ago, iso, time, duration, approve, sleep, until, waitFor, poll, parallel, ask, call, start, type StepError";

function moduleOf(name: string, top: string, on: string, body: string): string {
  const options = `{ name: "${name}", on: ${on}, inputs: { owner: "acme", repo: "api", count: 3, flag: true, tags: ["a"] }, limits: { writes: 5 } }`;
  return `import { ${VOCABULARY} } from "offstage";\nimport { github, jira } from "#servers";\n${top}\nexport default workflow(${options}, async ({ inputs, event, run }) => {\n${body}\n});\n`;
}

/**
 * The examples of a page: its `ts` blocks, whose words say what they are (`body`, `top`, `module`, …) and what they give
 * (`refused CODE`, `warned CODE`) and of which rules they are the case; and the rows of its tables that have a code behind what
 * gives it. Throws for a block that says nothing. One that says to which file it belongs (`file=…`, `replace=…`) is played with its
 * guide (play-guide.ts) and is none.
 */
export function readExamples(page: string, markdown: string): readonly Example[] {
  const prefix = (page.split("/").at(-1) ?? page).replace(/\.md$/, "").toLowerCase();
  return [...linked(blocks(page, prefix, markdown), markdown), ...rows(page, prefix, markdown)];
}

/** Where one whole module of the page imports another by the name that it has there. */
function linked(examples: readonly Example[], markdown: string): readonly Example[] {
  const files = new Map(readFences(markdown).flatMap(({ text, line }) => {
    const named = /\bworkflow\(\{\s*name: "([^"]*)"/.exec(text)?.[1];
    const example = examples.find((one) => one.line === line);
    return named === undefined || example === undefined ? [] : [[named, example.name] as const];
  }));
  return examples.map((example) => ({ ...example, source: example.source.replace(/(?<=from "\.\/)[a-z0-9-]+(?=\.ts")/g, (name) => files.get(name) ?? name) }));
}

function blocks(page: string, prefix: string, markdown: string): readonly Example[] {
  return readFences(markdown).filter(({ language, words }) => language === "ts" && !words.some((word) => word.includes("="))).map(({ words, text, line }) => {
    const around = words.map((word) => ({ word, make: AROUND[word] })).findLast(({ make }) => make !== undefined);
    if (around?.make === undefined) throw new Error(`${page}:${line}: the block does not say what it is: ${Object.keys(AROUND).join(", ")}`);
    const verdict = words.findIndex((word) => word === "refused" || word === "warned");
    const name = `${prefix}-${line}`;
    return { name, page, line, kind: around.word === "profile" ? "profile" : "workflow", source: around.make(text, name), gives: verdict === -1 ? null : (words[verdict + 1] ?? ""), refused: words[verdict] === "refused", rules: words.filter((word) => RULE.test(word)) };
  });
}

/** What stands above a table that holds something else than bodies. */
const TABLES: readonly (readonly [above: string, kind: string])[] = [["At the top of a module", "top"], ["In `on`", "on"], ["In the options", "options"], ["#", "body"]];

/** `| rule | this | gives | instead |`; what gives a warning says so. */
function rows(page: string, prefix: string, markdown: string): readonly Example[] {
  let kind = "body";
  return markdown.split("\n").flatMap((text, index): readonly Example[] => {
    kind = TABLES.find(([above]) => text.startsWith(above))?.[1] ?? kind;
    const row = /^\|(?: \*\*(\d+\.\d+)\*\* \|)? (`+)(.+?)\2 \| `([A-Z_]+)`( \(warning\))? \| /.exec(text);
    if (row === null) return [];
    const [, rule, , code = "", gives = "", warning] = row;
    const line = index + 1;
    const name = `${prefix}-${line}`;
    return [{ name, page, line, kind: "workflow", source: (AROUND[kind] as (text: string, name: string) => string)(code, name), gives, refused: warning === undefined, rules: rule === undefined ? [] : [rule] }];
  });
}
