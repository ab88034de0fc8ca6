import { strict as assert } from "node:assert";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { env } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../packages/runtime/src/testing/free-port.ts";
import { startPostgres } from "../../packages/runtime/src/testing/postgres.ts";
import type { Case } from "./case.ts";
import { CELL_APP, delivery, endedRuns, exportedApp, inCell, listen, VALUES } from "./installed-app.ts";
import { installedPythonFunctions } from "./installed-python.ts";
import { playInvocations } from "./invocations.ts";
import type { Projects } from "./projects.ts";
import { startRuntimeApi } from "./runtime-api.ts";
import { needed, TOOLS } from "./tools.ts";

/** A wake takes seconds; this is for a machine that has much to do. */
const SLOW_MS = 120_000;

/** A process in a cell over a new PostgreSQL, until `look` has looked at it. */
async function started(projects: Projects, argv: readonly string[], variables: Readonly<Record<string, string>>, look: (heard: ReturnType<typeof listen>) => Promise<string>): Promise<string> {
  const app = await installedPythonFunctions(projects);
  const store = await startPostgres();
  const child = inCell(app.folder, argv, { variables: { ...VALUES, ...app.variables, DATABASE_URL: store.url, ...variables }, binds: app.binds });
  const heard = listen(child);
  try {
    return await look(heard);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${heard.text.slice(-3_000)}`, { cause: error });
  } finally {
    child.kill("SIGKILL");
    await heard.ended;
    await store.stop();
  }
}

const lambda: Case = {
  name: "lambda: the handler in Python under AWS's own runtime client: it is woken, takes a delivery once, and refuses what is not signed",
  async run(projects) {
    const api = await startRuntimeApi();
    const variables = { AWS_LAMBDA_RUNTIME_API: api.address, LAMBDA_TASK_ROOT: CELL_APP, AWS_LAMBDA_FUNCTION_NAME: "beat", AWS_LAMBDA_FUNCTION_VERSION: "1", AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024" };
    try {
      return await started(projects, ["python", "-m", "awslambdaric", "handler.handler"], variables, (heard) => playInvocations(api, heard, SLOW_MS));
    } finally {
      await api.close();
    }
  },
};

const google: Case = {
  name: "cloud-run: the function in Python under the Functions Framework: it is woken, takes a delivery, and refuses what is not signed",
  async run(projects) {
    const port = await freePort();
    return started(projects, ["functions-framework", "--target=wake", `--source=${CELL_APP}/main.py`, "--host=127.0.0.1", `--port=${port}`], { PORT: String(port) }, async (heard) => {
      const url = `http://127.0.0.1:${port}`;
      const post = (path: string, more: RequestInit = {}): Promise<number> => fetch(`${url}${path}`, { method: "POST", ...more }).then(({ status }) => status, () => 0);
      let woken = 0;
      for (let tries = 0; tries < 300 && woken === 0; tries++) {
        woken = await post("/wake");
        if (woken === 0) await sleep(200);
      }
      const signed = delivery("g1");
      assert.deepEqual([woken, await post("/webhooks/github", signed), await post("/webhooks/github", { body: signed.body, headers: { "content-type": "application/json" } }), endedRuns(heard.text)], [204, 202, 401, 1]);
      return "204 woken; 202 and one run; 401 for what is not signed";
    });
  },
};

/** SAM builds where it is started, with the requirements of the function's code; without what the public index has, it is quick. */
const SAM = `sam() { template=template.yaml; while [ $# -gt 0 ]; do if [ "$1" = --template ]; then template=$2; fi; shift; done; "$PIP" download --quiet --disable-pip-version-check --no-deps --dest "$DEST" --requirement "$(dirname "$template")/app/requirements.txt"; }`;

const readmes: Case = {
  name: "lambda, systemd: what comes in vendor/ is found by the commands that the README has, from the folder where it lies",
  async run(projects) {
    const told: string[] = [];
    for (const [target, word, words] of [["lambda", "sam build", ["--store", "postgres"]], ["systemd", "pip install", []]] as const) {
      const folder = dirname(await exportedApp(projects, `beat-python-${target}`, ["--to", target, "--language", "python", ...words]));
      const place = mkdtempSync(join(tmpdir(), "offstage-readme-"));
      const line = readFileSync(join(folder, "README.md"), "utf8").split("\n").find((one) => one.includes(word)) ?? "";
      // On a machine it lies in /opt, and an environment is made there.
      const here = line.replace(/^python3 -m venv \S+ && /, "").replaceAll("/opt/beat/app", join(folder, "app")).replace(/\S*bin\/pip install/, `"$PIP" download --quiet --disable-pip-version-check --no-deps --dest "$DEST"`);
      needed("bash", ["-e", "-c", `${SAM}\n${here}`], { cwd: folder, env: { PATH: env["PATH"], PIP: join(TOOLS, "python/bin/pip"), DEST: place } });
      told.push(`${target}: ${readdirSync(place).join(", ")}`);
      rmSync(place, { recursive: true });
    }
    return told.join("; ");
  },
};

/** Functions of Python under what the clouds start them with. */
export const PYTHON_FUNCTIONS: readonly Case[] = [lambda, google, readmes];
