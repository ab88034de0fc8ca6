import { strict as assert } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../packages/runtime/src/testing/free-port.ts";
import { startPostgres } from "../../packages/runtime/src/testing/postgres.ts";
import type { Case } from "./case.ts";
import { CELL_APP, delivery, endedRuns, inCell, listen, VALUES } from "./installed-app.ts";
import { installedPythonFunctions } from "./installed-python.ts";
import { playInvocations } from "./invocations.ts";
import type { Projects } from "./projects.ts";
import { startRuntimeApi } from "./runtime-api.ts";

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

/** Functions of Python under what the clouds start them with. */
export const PYTHON_FUNCTIONS: readonly Case[] = [lambda, google];
