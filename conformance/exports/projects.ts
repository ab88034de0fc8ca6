import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deployFiles, type DeployOptions } from "../../apps/offstage/src/export/deploy-targets.ts";
import { readSource } from "../../apps/offstage/src/export/read-source.ts";
import { createProjectCompiler } from "../../apps/offstage/src/project/compile.ts";
import { loadProject } from "../../apps/offstage/src/project/load-project.ts";
import { createRedactor } from "../../packages/runtime/src/base/index.ts";
import type { BundleFile, ExportSource } from "../../packages/runtime/src/bundle/index.ts";

const DEMO = fileURLToPath(new URL("../../demo/project", import.meta.url));

const HEAD = `import { approve, cron, every, once, queue, webhook, workflow } from "offstage";\nimport { github } from "#servers";\n`;
const BODY = "await once(`comment:${n}`, () => github.add_issue_comment({ owner: \"acme\", repo: \"api\", issue_number: n, body: \"seen\" }));";

/** Workflows as people have them, over the demo's servers, with what each needs of a place to run. */
const WORKFLOWS: Readonly<Record<string, string>> = {
  orders: `export default workflow({ name: "orders", description: "A comment for every order.", on: [queue("orders"), queue("jobs")], limits: { writes: 5 } }, async ({ event }) => {
  if (event?.kind !== "queue") return;
  const n = Number(event.body.number);
  ${BODY}
});`,
  ask: `export default workflow({ name: "ask", description: "Asks before it comments.", on: [webhook("shop"), every("15m")], limits: { writes: 5 } }, async () => {
  const n = 1;
  try {
    const answer = await approve({ message: "Comment?", within: "1d" });
    if (answer.outcome === "approved") ${BODY}
  } catch (error) {
    ${BODY.replaceAll("comment:", "failed:")}
  }
});`,
  beat: `import { every, log, webhook, workflow } from "offstage";

export default workflow({ name: "beat", description: "Says that it is there.", on: [every("1h"), webhook("github")], limits: { writes: 1 } }, async () => {
  log("beat");
});`,
  nightly: `export default workflow({ name: "nightly", description: "Looks every hour, and sweeps on weekday nights.", on: [every("1h"), cron("30 2 * * mon-fri", { timezone: "Europe/Berlin", sweep: true, missed: "skip" }), cron("0 4 1 * 7", { timezone: "America/New_York", overlap: "replace" })], limits: { writes: 5 } }, async () => {
  const n = 1;
  ${BODY}
});`,
};

/** Settings with everything in them that a place to run has to know of. */
const SETTINGS = `version: 1
webhooks:
  github: { verify: github, secret: "\${secret:GITHUB_WEBHOOK_SECRET}" }
  shop: { verify: hmac, secret: "\${file:/run/secrets/shop}", header: x-signature }
queues:
  orders: { kind: redis, url: "redis://:\${env:REDIS_PASSWORD}@redis.example:6380", field: data }
  jobs: { kind: nats, url: "tls://nats.example:4222", credentials: "\${file:keys/nats$old.creds}" }
serve:
  listen: "127.0.0.1:8400"
  metrics: { listen: "127.0.0.1:9464" }
  api: { tokens: [{ name: ada, role: operator, token: "\${secret:ADA_API_TOKEN}" }] }
retention: { runs: 30d }
`;

/** What exports are made of. */
export interface Projects {
  readonly sources: ReadonlyMap<string, ExportSource>;
  readonly folder: string;
  /** A target's files, in a folder of their own. */
  write(workflow: string, target: string, options?: DeployOptions): Promise<string>;

  remove(): void;
}

/** The demo's project with more workflows, read once by what reads it for `offstage export`. */
export async function makeProjects(): Promise<Projects> {
  const place = mkdtempSync(join(tmpdir(), "offstage-exports-"));
  const folder = join(place, "project");
  cpSync(DEMO, folder, { recursive: true, filter: (path) => !path.includes(".offstage") });
  for (const [name, text] of Object.entries(WORKFLOWS)) writeFileSync(join(folder, `workflows/${name}.ts`), `${text.startsWith("import") ? "" : HEAD}\n${text}\n`);
  writeFileSync(join(folder, "offstage.yaml"), SETTINGS);
  const project = loadProject(folder, { env: {}, redactor: createRedactor(), note: () => undefined });
  const compiler = createProjectCompiler(project);
  const sources = new Map<string, ExportSource>();
  for (const name of ["leak-tickets", ...Object.keys(WORKFLOWS)]) sources.set(name, (await readSource(project, compiler, name)).source);
  let count = 0;
  const sourceOf = (workflow: string): ExportSource => {
    const source = sources.get(workflow);
    if (source === undefined) throw new Error(`There is no workflow ${workflow}.`);
    return source;
  };
  const inPostgres = (workflow: string): ExportSource => {
    const source = sourceOf(workflow);
    return { ...source, settings: { ...source.settings, store: { postgres: "${env:DATABASE_URL}" } } };
  };
  return {
    sources, folder,
    async write(workflow, target, options = {}) {
      const source = ["actions"].includes(target) ? inPostgres(workflow) : sourceOf(workflow);
      const out = join(place, `${workflow}-${target}-${++count}`);
      writeFiles(await deployFiles(target, source, options), out);
      return out;
    },
    remove: () => rmSync(place, { recursive: true, force: true }),
  };
}

/** Writes files below a folder. */
export function writeFiles(files: readonly BundleFile[], folder: string): void {
  for (const { path, content } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
