import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import type { DeployOptions } from "../../apps/offstage/src/export/deploy-targets.ts";
import type { Case } from "./case.ts";
import { type App, CELL_APP, delivery, endedRuns, inCell, installedApp, listen, VALUES } from "./installed-app.ts";
import { installedPython } from "./installed-python.ts";
import type { Projects } from "./projects.ts";
import { run } from "./tools.ts";

interface Container {
  readonly args: readonly string[];
  readonly readinessProbe: { readonly httpGet: { readonly path: string } };
  readonly livenessProbe: { readonly httpGet: { readonly path: string } };
}

interface Pod {
  readonly spec: { readonly template: { readonly spec: { readonly terminationGracePeriodSeconds: number; readonly containers: readonly [Container] } } };
}

interface Composed {
  readonly services: { readonly worker: { readonly healthcheck: { readonly test: readonly [form: string, ...argv: string[]] } } };
}

const LANGUAGES: readonly { readonly options: DeployOptions; readonly settings: string; readonly app: (projects: Projects) => Promise<App> }[] = [
  { options: {}, settings: "offstage.yaml", app: async (projects) => ({ folder: await installedApp(projects), variables: {}, binds: [] }) },
  { options: { language: "python" }, settings: "settings.json", app: installedPython },
];

/** Its own process in a cell with the settings as the manifest mounts them; the store's folder alone is written to. */
function started({ folder, variables, binds }: App, argv: readonly string[], settings: string, store: string): ReturnType<typeof inCell> {
  return inCell(folder, argv, { variables: { ...VALUES, ...variables }, binds: [...binds, [store, `${CELL_APP}/.offstage`, "--bind"], [settings, `${CELL_APP}/${settings.split("/").at(-1) ?? ""}`, "--ro-bind"]] });
}

const ask = (path: string, more?: RequestInit): Promise<number> => fetch(`http://127.0.0.1:8400${path}`, more).then(({ status }) => status, () => 0);

const workers = LANGUAGES.map(({ options, settings, app }): Case => ({
  name: `kubernetes: the worker ${JSON.stringify(options)} runs as its manifest says: a root that nobody writes to, its probes answer, and SIGTERM ends it well`,
  async run(projects) {
    const installed = await app(projects);
    const bundle = await projects.write("beat", "kubernetes", options);
    const pod = (parse(readFileSync(join(bundle, "kubernetes/deployment.yaml"), "utf8")) as Pod).spec.template.spec;
    const [{ args, readinessProbe, livenessProbe }] = pod.containers;
    const composed = parse(readFileSync(join(await projects.write("beat", "compose", options), "compose.yaml"), "utf8")) as Composed;
    const [, ...probe] = composed.services.worker.healthcheck.test;
    const mounted = join(bundle, "kubernetes", settings);
    const store = mkdtempSync(join(tmpdir(), "offstage-store-"));
    const probed = (): Promise<unknown> => listen(started(installed, probe, mounted, store)).ended;
    assert.notEqual(await probed(), 0, "nobody is there yet, and the probe of Compose is content");
    const child = started(installed, args, mounted, store);
    const heard = listen(child);
    try {
      for (let tries = 0; tries < 150 && (await ask(readinessProbe.httpGet.path)) !== 200; tries++) await sleep(200);
      assert.deepEqual([await ask(livenessProbe.httpGet.path), await ask(readinessProbe.httpGet.path), await ask("/webhooks/github", { method: "POST", ...delivery("k1") })], [200, 200, 202], heard.text);
      assert.equal(await probed(), 0);
      for (let tries = 0; tries < 100 && endedRuns(heard.text) === 0; tries++) await sleep(100);
      assert.equal(endedRuns(heard.text), 1, heard.text);
      const began = performance.now();
      // The process in the cell; bwrap itself passes no signal on.
      run("pkill", ["-TERM", "--parent", String(child.pid)]);
      const end = await heard.ended;
      const seconds = (performance.now() - began) / 1000;
      assert(seconds < pod.terminationGracePeriodSeconds, `${seconds} s`);
      assert.equal(end, 0, heard.text);
      return `${livenessProbe.httpGet.path} 200, ${readinessProbe.httpGet.path} 200, Compose's probe is content, a delivery 202 and its run; ended with ${end} after ${seconds.toFixed(1)} s`;
    } finally {
      child.kill("SIGKILL");
    }
  },
}));

/** Of what a deployment calls besides `serve`: words, and what they end with over a store in which nothing is to be done. */
const commands: Case = {
  name: "kubernetes: the commands of a package of Python run as CronJobs and people call them, with the mounted settings",
  async run(projects) {
    const installed = await installedPython(projects);
    const mounted = join(await projects.write("beat", "kubernetes", { language: "python" }), "kubernetes/settings.json");
    const store = mkdtempSync(join(tmpdir(), "offstage-store-"));
    const ends: string[] = [];
    for (const words of [["run"], ["sweep"], ["plan", "--json", "--detailed-exitcode"], ["apply", "--yes"], ["runs", "--json"]]) {
      const heard = listen(started(installed, ["python", "-m", "beat_workflow", ...words], mounted, store));
      assert.equal(await heard.ended, 0, `${words.join(" ")}: ${heard.text}`);
      ends.push(words[0] ?? "");
    }
    const heard = listen(started(installed, ["python", "-m", "beat_workflow", "apply", "no-such-plan"], mounted, store));
    assert.notEqual(await heard.ended, 0);
    assert(heard.text.includes("PLAN_UNKNOWN"), heard.text);
    return `${ends.join(", ")} end with 0; a plan that is not there is told`;
  },
};

/** Whether what Kubernetes and Compose are told really runs. */
export const CONTAINERS: readonly Case[] = [...workers, commands];
