import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCompiler, ruleFacts } from "offstage/language";
import { catalogueOf, classesOf, EMPTY_LOCK, generateServerTypes, type Lock, lockServer, NOTHING_LEARNT, printLock, type RawTool, withServer } from "offstage/tools";
import { coldCheckMs } from "./commands.ts";
import { type Figure, median, ms, timeMs } from "./figures.ts";

const SERVERS = 20;
const TOOLS = 750;
const ROUNDS = 15;
const MAX_WARM_MS = 150;
const MAX_COLD_MS = 2_000;
const MAX_COLD_RATIO = 2;
/** Tools of real servers with awkward schemas: the library's own fixture. */
const AWKWARD = new URL("../../packages/runtime/src/tools/fixtures/awkward-tools.json", import.meta.url);

/** A workflow over a project of 750 tools: what a first command takes, and what an editor waits for after a change of one file. */
export async function benchManyTools(): Promise<readonly Figure[]> {
  const lock = manyTools();
  return [...(await benchCold(lock)), await benchWarm(lock)];
}

/** `offstage check` as a command of its own with nothing cached, beside the same over a project of one tool. */
async function benchCold(lock: Lock): Promise<readonly Figure[]> {
  const coldMs = await projectCheckMs(lock, WORKFLOW);
  const trivialMs = await projectCheckMs(lockOf(EMPTY_LOCK, "server0", [LIST]), TRIVIAL);
  const baseline = `${ms(trivialMs)} for one tool`;
  return [
    { what: `check one file, ${TOOLS} tools, first command`, ours: ms(coldMs), baseline, value: coldMs, bound: MAX_COLD_MS, unit: "ms" },
    { what: "… against one tool", ours: ms(coldMs), baseline, value: coldMs / trivialMs, bound: MAX_COLD_RATIO, unit: "×" },
  ];
}

async function projectCheckMs(lock: Lock, workflow: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "offstage-bench-"));
  try {
    mkdirSync(join(folder, "workflows"));
    writeFileSync(join(folder, "mcp.json"), JSON.stringify({ mcpServers: Object.fromEntries([...lock.servers.keys()].map((server) => [server, { command: "false" }])) }));
    writeFileSync(join(folder, "offstage.yaml"), "version: 1\npolicy: { trustHints: true }\n");
    writeFileSync(join(folder, "offstage.lock"), printLock(lock));
    writeFileSync(join(folder, "workflows/many.ts"), workflow);
    return await coldCheckMs(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchWarm(lock: Lock): Promise<Figure> {
  const serverTypes = generateServerTypes({ lock, learnt: NOTHING_LEARNT, profiles: [] });
  const facts = ruleFacts([], (server, tool) => (lock.servers.get(server)?.tools.get(tool)?.definition["inputSchema"] ?? null) as ReturnType<Parameters<typeof ruleFacts>[1]>);
  const compiler = createCompiler();
  const check = (round: number): void => {
    const { program, diagnostics } = compiler.compileWorkflow({ file: "workflows/many.ts", source: `${WORKFLOW}// ${round}\n`, serverTypes, facts, mayWrite: () => false, pagesNeedMax: () => true });
    if (program === null) throw new Error(JSON.stringify(diagnostics));
  };
  const coldMs = await timeMs(() => check(-1));
  const warm: number[] = [];
  for (let round = 0; round < ROUNDS; round++) warm.push(await timeMs(() => check(round)));
  const value = median(warm);
  return { what: `check one changed file, ${TOOLS} tools`, ours: ms(value), baseline: `${ms(coldMs)} the first time`, value, bound: MAX_WARM_MS, unit: "ms" };
}

/** What the workflow calls. */
const LIST: RawTool = {
  name: "list",
  annotations: { readOnlyHint: true },
  inputSchema: { type: "object", properties: { owner: { type: "string" }, page: { type: "integer", minimum: 1 } }, required: ["owner"] },
  outputSchema: { type: "object", properties: { items: { type: "array", items: { type: "object", properties: { id: { type: "string" }, title: { type: "string" } }, required: ["id", "title"] } } }, required: ["items"] },
};

/** The fixture's tools again and again under other names, over 20 servers. */
function manyTools(): Lock {
  const known = Object.values(JSON.parse(readFileSync(AWKWARD, "utf8")) as { readonly [server: string]: readonly RawTool[] }).flat();
  let lock = EMPTY_LOCK;
  for (let server = 0; server < SERVERS; server++) {
    const name = `server${server}`;
    const count = Math.floor(TOOLS / SERVERS) + (server < TOOLS % SERVERS ? 1 : 0);
    const tools: RawTool[] = Array.from({ length: count }, (_, index) => ({ ...known[(server * 7 + index) % known.length], name: `tool_${index}` }));
    tools[0] = LIST;
    lock = lockOf(lock, name, tools);
  }
  return lock;
}

function lockOf(lock: Lock, name: string, tools: readonly RawTool[]): Lock {
  const { catalogue } = catalogueOf({ server: name, era: "legacy", protocolVersion: "2025-11-25", serverInfo: { name, version: "1.0.0" }, tools });
  return withServer(lock, name, lockServer(catalogue, `${name}@1.0.0`, (_tool, raw) => classesOf(raw, { rules: [], trustHints: true })));
}

const TRIVIAL = `import { workflow } from "offstage";
import { server0 } from "#servers";

export default workflow({ name: "many", description: "", on: [] }, async () => (await server0.list({ owner: "acme" })).items.length);
`;

const WORKFLOW = `import { each, fail, groupBy, log, quote, workflow } from "offstage";
import { server0, server1, server19 } from "#servers";

const title = (item: { readonly id: string; readonly title: string }) => \`\${item.title} (\${item.id})\`;
const found = async (owner: string) => (await server19.list({ owner })).items.at(0) ?? fail("none");

export default workflow({ name: "many", description: "", on: [], inputs: { owner: "acme", tags: ["a", "b"] }, limits: { writes: 10 } }, async ({ inputs }) => {
  const first = (await server0.list({ owner: inputs.owner })).items.filter((item) => /leak/i.test(item.title));
  const second = (await server1.list({ owner: inputs.owner, page: 2 })).items.map(title);
  const groups = groupBy(first, (item) => item.title.at(0) ?? "");
  await each(first, { key: (item) => item.id, parallel: 2 }, async (item) => {
    const other = await found(item.id);
    if (other.title !== item.title) log(quote.markdown(other.title), title(item));
  });
  return { first: first.length, second: second.join(", "), groups: [...groups.keys()], tags: inputs.tags.toSorted((a, b) => (a < b ? -1 : 1)) };
});
`;
