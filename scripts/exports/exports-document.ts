import { type Excerpt, excerptOf } from "./excerpt.ts";
import type { Exported, Made } from "./exported.ts";

/** A target as the document has it: what it shows of its files, and what in them says when the workflow runs. */
interface Shown {
  readonly target: string;
  readonly title: string;
  readonly excerpts: readonly Excerpt[];
  /** What starts a run, as the first group of each match says it. */
  readonly starts: RegExp;
}

const TRIGGERS = /\b((?:every|cron|webhook)\("[^"]+")/g;
const WORKER = /- (serve\n\s+- \S+)/g;

const TARGETS: readonly Shown[] = [
  { target: "python", title: "Python", starts: TRIGGERS, excerpts: [
    { file: /\/workflow\.py$/, language: "python" },
    { file: /\/servers\/github\.py$/, language: "python", from: /^class ListPullRequestsPages/, until: /^class (?!ListPullRequests)|^SERVER/, once: true },
  ] },
  { target: "typescript", title: "TypeScript", starts: TRIGGERS, excerpts: [
    { file: /^main\.ts$/, language: "ts", from: /^import/ }, { file: /^package\.json$/, language: "json", from: /"imports"/, until: /"dependencies"/, once: true }, { file: /^mcp\.json$/, language: "json", once: true },
  ] },
  { target: "kubernetes", title: "Kubernetes", starts: /- (serve\n\s+- \S+)|(schedule: .+\n\s+timeZone: .+)/g, excerpts: [
    { file: /\/deployment\.yaml$/, language: "yaml", from: /^ {6}containers:/, until: /# The address is opened/ }, { file: /\/cron-jobs\.yaml$/, language: "yaml", from: /^spec:/, until: /envFrom/ },
  ] },
  { target: "compose", title: "Docker Compose", starts: WORKER, excerpts: [{ file: /^compose\.yaml$/, language: "yaml", until: /healthcheck/ }] },
  { target: "systemd", title: "systemd", starts: /(?:\/)(offstage serve \S+)|(OnCalendar=.+)/g, excerpts: [
    { file: /\.service$/, language: "ini", until: /^ProtectSystem/ }, { file: /\.timer$/, language: "ini" },
  ] },
  { target: "actions", title: "GitHub Actions", starts: /- (cron: .+)/g, excerpts: [{ file: /\.yml$/, language: "yaml", until: /^ {2}apply:/ }] },
  { target: "lambda", title: "AWS Lambda", starts: /(ScheduleExpression: .+)|(FunctionUrlConfig)/g, excerpts: [{ file: /^template\.yaml$/, language: "yaml", from: /^Resources/, until: /^Outputs|What waits|what waits/ }] },
  { target: "cloud-run", title: "Cloud Run", starts: WORKER, excerpts: [{ file: /^service\.yaml$/, language: "yaml", until: /resources:/ }] },
];

/** The text of `docs/exports.md`: made from what the exporters make, never written by hand. */
export function exportsDocument(all: readonly Exported[]): string {
  return `# What exports look like

Three workflows in every target, made by \`npm run docs:exports\` from what the exporters print; a test compares. \`offstage export NAME --to TARGET\` writes the whole files, and more of them: how each is run is in its own \`README.md\`, and in [guides/export.md](guides/export.md).
What is left out here is counted; what is the same for every workflow is shown once. \`serve\` keeps a workflow's times by itself, and takes its deliveries. The first workflow is that of the [demo](../demo/project/workflows/leak-tickets.ts); the others, with their settings, are in [exports](exports/workflows). The store is in PostgreSQL, because not every target has a disk that lasts.

${all.map(({ name, description }) => `- [${name}](#${name}): ${description}`).join("\n")}

${all.map((one, index) => chapter(one, index === 0)).join("\n\n")}
`;
}

function chapter(exported: Exported, isFirst: boolean): string {
  const { name, source, made } = exported;
  const sections = TARGETS.map(({ target, title, excerpts }) => `### ${name}: ${title}\n\n${sectionOf(exported, target, made.get(target), excerpts.filter(({ once }) => isFirst || once !== true))}`);
  return `## ${name}\n\nAs it was written:\n\n\`\`\`ts\n${source.trimEnd()}\n\`\`\`\n\n${table(exported)}\n\n${sections.join("\n\n")}`;
}

/** What all targets say alike, each in its own words. */
function table({ name, made }: Exported): string {
  const rows = TARGETS.flatMap(({ target, title, starts }) => {
    const files = made.get(target);
    if (files === undefined || "refused" in files) return [];
    const texts = target === "typescript" ? [files.get(`workflows/${name}.ts`) ?? ""] : [...files].filter(([path]) => !path.startsWith("app/")).map(([, text]) => text);
    const found = new Set(texts.flatMap((text) => [...text.matchAll(starts)].map(([, first, second]) => inOneLine(first ?? second ?? ""))));
    if (found.size === 0) throw new Error(`Nothing of ${name} in ${target} says when it runs.`);
    return [`| ${title} | ${[...found].map((part) => `\`${part}\``).join(", ")} |`];
  });
  return ["| in | a run is started by |", "|---|---|", ...rows].join("\n");
}

function inOneLine(text: string): string {
  const line = text.replace(/\n\s+- /, " ").replace(/\n\s+/, ", ");
  return /^\w+\("[^"]+"$/.test(line) ? `${line})` : line;
}

function sectionOf({ name, options }: Exported, target: string, made: Made | undefined, excerpts: readonly Excerpt[]): string {
  const command = `\`offstage export ${name} --to ${target}${options[target]?.jobs === true ? " --jobs" : ""}\``;
  if (made === undefined) throw new Error(`${target} was not made.`);
  if ("refused" in made) return `${command} is refused: ${made.refused}`;
  const shown = excerpts.flatMap((excerpt) => [...made].filter(([path]) => excerpt.file.test(path)).map(([path, text]) => excerptOf(path, text, excerpt)));
  if (shown.length === 0) throw new Error(`Nothing of ${name} in ${target} is shown.`);
  return `${command}\n\n${shown.join("\n\n")}`;
}
