import { expect, test } from "vitest";
import { exportedFiles, writtenWorkflows } from "./exported-workflows.ts";
import { pythonFolder } from "./python-folder.ts";

/** A workflow around a body, whose `pulls` are what its server answered. */
const workflow = (id: string, body: string, top = ""): string => `
import { captures, each, fail, groupBy, lines, log, once, parallel, parseCsv, workflow } from "offstage";
import type { StepError } from "offstage";
import { github } from "#servers";
${top}
export default workflow({ name: "${id}", on: [] }, async () => {
  const pulls = await github.list_pull_requests.pages({ owner: "acme", repo: "api" }, { max: 5 });
  ${body}
});
`;

/** Code as people write it, by what of it a type checker once did not follow: the body, and what stands over it. */
const WRITTEN: Readonly<Record<string, readonly [body: string, top?: string]>> = {
  "looked-for": [`let oldest: github.PullRequest | undefined;
    let best: Best | null = null;
    let last = { title: "", count: 0 };
    let names: string[] | undefined;
    for (const pr of pulls) {
      if (oldest === undefined || pr.number < oldest.number) oldest = pr;
      if (best === null) best = { title: pr.title, count: 1 };
      last = { title: pr.title, count: 2 };
      names = [...(names ?? []), pr.title];
    }
    if (best) log(show(best));
    if (!oldest) return null;
    return [oldest.title, names?.join() ?? "none", show(last)];`, "type Best = { readonly title: string; readonly count: number }; const show = (best: Best) => `${best.title} ${best.count}`;"],
  "let-through": [`const made = await each(pulls, { key: (pr) => pr.node_id, onError: "continue" }, async (pr) => ({ title: pr.title, size: pr.title.length }));
    const ok = made.filter((one) => one !== undefined);
    return [ok.map((one) => one.title), ok.reduce((sum, one) => sum + one.size, 0), Math.max(...ok.map((one) => one.size))];`],
  "perhaps": [`const found = pulls.find((pr) => pr.number === 3);
    if (found !== undefined) log(found.title, found.user.login);
    const byName = new Map(pulls.map((pr) => [pr.title, pr]));
    const it = byName.get("x");
    return [byName.get("y")?.title.toUpperCase() ?? "none", it?.user.login ?? null];`],
  "wide": [`const parsed = parse({ name: "a", cost: "1" });
    const wide = pulls.map((pr) => ({ ...pr, size: pr.title.length }));
    await each(wide, { key: (pr) => pr.node_id }, async (pr) => { log(pr.size, pr.title); });
    return [pulls.map(widen).length, show(parsed), show({ ...parsed, name: "b" })];`, `type Row = { readonly name: string; readonly cost: string };
    const widen = (pr: github.PullRequest) => ({ ...pr, size: pr.title.length });
    const parse = (row: Row) => ({ ...row, cost: Number(row.cost), at: row.name === "" ? undefined : 1 });
    const show = (row: { name: string; cost: number; at: number | undefined }) => \`\${row.name} \${row.cost}\`;`],
  "rows": [`const rows = parseCsv("name,size\\na,1") as readonly Row[];
    for (const [size, own] of groupBy(rows, (row) => row.size)) log(size, own.map(show).join());
    return (parseCsv("name,size\\na,1") as readonly Row[]).map(show);`, "type Row = { readonly name: string; readonly size: string }; const show = (row: Row) => `${row.name}: ${row.size}`;"],
  "rest": [`const list: Item[] = [];
    for (const n of [1, 2]) {
      const { c, ...rest } = make(n);
      if (c) list.push(rest);
    }
    return list;`, 'type Item = { readonly a: string; readonly b: number }; const make = (n: number) => ({ a: "x", b: n, c: true });'],
  "words": [`const counts = new Map<string, number>();
    for (const word of "a b".match(/[a-z]+/g) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
    const tags = new Set<string>();
    for (const { kind } of captures("fix", /(?<kind>\\w+)/g)) if (kind) tags.add(kind);
    const labels = pulls.flatMap((pr) => pr.labels.map((label) => label.name));
    return [[...counts].toSorted(([, a], [, b]) => b - a), [...tags], labels, lines("a").flatMap((line) => line.split(","))];`],
  "pairs": [`const teams = groupBy(pulls, (pr) => pr.user.login);
    const totals = [...teams.entries()].map(([team, own]) => {
      log(team);
      return { team, sum: own.reduce((all, one) => all + one.number, 0), first: own.at(0)?.title ?? "none" };
    }).toSorted((a, b) => b.sum - a.sum);
    const [top, second] = [...teams].toSorted(([a, m], [b, n]) => (n.length - m.length === 0 ? (a < b ? -1 : 1) : n.length - m.length));
    const lists = [...teams].flatMap(([team, own]) => own.map((one) => ({ team, title: one.title })));
    return [totals, top?.[0] ?? null, second?.[1] ?? [], lists];`],
  "texts": [`const text = \`Hello \${pulls.length},
there is {nothing} to do.\`;
    for (const pr of pulls) log(\`#\${pr.number} | \${pr.title.trim()} | \${pr.user.login.toUpperCase()} | \${pr.node_id} | \${pr.title} and more than a line can hold, {as it is}\`, text);
    const { title } = pulls.at(0) ?? fail("none");
    return { csv, day: DAY, half: 1 / 2, long: \`\${title}, and again \${title}: a text that is much longer than all that fits into one line of the export\` };`, `const DAY = 24 * 60 * 60 * 1000; const csv = \`team,cost
core,"a, b",0.1
ops,2\`;`],
  "made": [`const rows = pulls.map((pr) => ({ title: pr.title, n: pr.number })).toSorted((a, b) => a.n - b.n);
    await each(rows, { key: (row) => row.title }, async (row) => { await once(\`a:\${row.n}\`, () => github.add_issue_comment({ owner: "a", repo: "b", issue_number: row.n, body: row.title })); });
    const { count, one } = await parallel({ count: async () => pulls.length, one: async () => ({ x: 1 }) });
    let state = "none";
    try { if (rows.length > 10) throw fail("too many"); } catch (error) { state = (error as StepError).code; }
    return [count, one.x, state];`],
};

test("code as people write it is what pyright, in its strict mode, and ruff take", () => {
  const folder = pythonFolder();
  try {
    const written = writtenWorkflows(Object.fromEntries(Object.entries(WRITTEN).map(([id, [body, top]]) => [id, workflow(id, body, top)])));
    for (const one of written) for (const { path, content } of exportedFiles(one)) folder.put(`${one.id.replaceAll("-", "_")}/${path}`, content);
    expect([folder.ruff(), folder.format(), folder.pyright()]).toEqual(["", "", ""]);
  } finally {
    folder.remove();
  }
}, 120_000);
