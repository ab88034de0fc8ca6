import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { DeployOptions } from "../../apps/offstage/src/export/deploy-targets.ts";
import { freePort } from "../../packages/runtime/src/testing/free-port.ts";
import type { Case } from "./case.ts";
import { CELL_APP, delivery, endedRuns, inCell, installedApp, listen, VALUES } from "./installed-app.ts";
import { kubeconform } from "./kubernetes-cases.ts";
import { playInvocations } from "./invocations.ts";
import { startRuntimeApi } from "./runtime-api.ts";
import { run, TOOLS } from "./tools.ts";

/** A wake takes seconds; this is for a machine that has much to do. */
const SLOW_MS = 60_000;

function linted(folder: string): string {
  const { out, err } = run(join(TOOLS, "python/bin/cfn-lint"), ["--non-zero-exit-code", "warning", join(folder, "template.yaml")]);
  return `${out}${err}`.trim();
}

const TEMPLATES: readonly (readonly [string, DeployOptions])[] = [["leak-tickets", {}], ["nightly", { language: "typescript" }], ["beat", {}], ["beat", { language: "python" }]];

const templates = TEMPLATES.map(([workflow, options]): Case => ({
  name: `lambda: the template of ${workflow} ${JSON.stringify(options)}`,
  async run(projects) {
    assert.equal(linted(await projects.write(workflow, "lambda", { ...options, store: "postgres" })), "");
    return "cfn-lint, which transforms it as SAM does, says nothing";
  },
}));

const wrong: Case = {
  name: "lambda, wrong: too long a time and an unknown property are told; without PostgreSQL there is no export",
  async run(projects) {
    const folder = await projects.write("nightly", "lambda", { store: "postgres" });
    const path = join(folder, "template.yaml");
    const text = readFileSync(path, "utf8");
    for (const [from, to] of [["Timeout: 900", "Timeout: 9000"], ["MemorySize:", "MemorySizes:"]] as const) {
      assert(text.includes(from), from);
      writeFileSync(path, text.replace(from, to));
      assert.notEqual(linted(folder), "", `${to} was taken`);
    }
    for (const target of ["lambda", "cloud-run"]) await assert.rejects(projects.write("nightly", target), { code: "EXPORT_REFUSED" });
    return "refused";
  },
};

/** The client posts answers through a native part, which takes minutes to build; this posts the same by the documented API. All else is AWS's own. */
const NATIVE_PART = `import { Module } from "node:module";
const post = (id, kind, body) => void fetch("http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/invocation/" + id + "/" + kind, { method: "POST", body });
Module._extensions[".node"] = (module) => { module.exports = { initializeClient: () => undefined, done: (id, body) => post(id, "response", body), error: (id, body) => post(id, "error", body) }; };`;

const lambda: Case = {
  name: "lambda: the handler under AWS's own runtime client: it is woken, takes a delivery once, and refuses what is not signed",
  async run(projects) {
    const app = await installedApp(projects);
    const api = await startRuntimeApi();
    const client = join(TOOLS, "npm/node_modules/aws-lambda-ric");
    const without = `data:text/javascript,${encodeURIComponent(NATIVE_PART)}`;
    writeFileSync(join(client, "rapid-client.node"), "");
    const child = inCell(app, [execPath, "--import", without, join(client, "index.mjs"), "handler.handler"], { variables: { ...VALUES, AWS_LAMBDA_RUNTIME_API: api.address, AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: "true", LAMBDA_TASK_ROOT: CELL_APP, _HANDLER: "handler.handler", AWS_LAMBDA_FUNCTION_NAME: "beat", AWS_LAMBDA_FUNCTION_VERSION: "1", AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024", AWS_LAMBDA_LOG_GROUP_NAME: "g", AWS_LAMBDA_LOG_STREAM_NAME: "s" } });
    const heard = listen(child);
    try {
      return await playInvocations(api, heard, SLOW_MS);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${heard.text.slice(-3_000)}`, { cause: error });
    } finally {
      child.kill("SIGKILL");
      await heard.ended;
      await api.close();
    }
  },
};

const google: Case = {
  name: "cloud-run: the function under the Functions Framework: it is woken, and takes a delivery",
  async run(projects) {
    const app = await installedApp(projects);
    const port = await freePort();
    const framework = join(TOOLS, "npm/node_modules/@google-cloud/functions-framework/build/src/main.js");
    const child = inCell(app, [execPath, framework, "--target=wake", `--source=${CELL_APP}/function.mjs`, `--port=${port}`], { variables: { ...VALUES } });
    const heard = listen(child);
    try {
      const url = `http://127.0.0.1:${port}`;
      for (let tries = 0; tries < 100 && !heard.text.includes("Serving function"); tries++) await sleep(200);
      const woken = await fetch(`${url}/wake`, { method: "POST" });
      const { headers, body } = delivery("g1");
      const taken = await fetch(`${url}/webhooks/github`, { method: "POST", headers, body });
      const unsigned = await fetch(`${url}/webhooks/github`, { method: "POST", headers: { "content-type": "application/json" }, body });
      assert.deepEqual([woken.status, taken.status, unsigned.status, endedRuns(heard.text)], [204, 202, 401, 1]);
      return "204 woken; 202 and one run; 401 for what is not signed";
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${heard.text.slice(-3_000)}`, { cause: error });
    } finally {
      child.kill("SIGKILL");
      await heard.ended;
    }
  },
};

const service: Case = {
  name: "cloud-run: its service is kept by Knative's own schema, and one with an unknown field is not",
  async run(projects) {
    const text = readFileSync(join(await projects.write("leak-tickets", "cloud-run", { store: "postgres" }), "service.yaml"), "utf8");
    const { good, said } = kubeconform(text);
    assert(good, said);
    const wrongly = kubeconform(text.replace("containerConcurrency:", "containerConcurrencies:"));
    assert(!wrongly.good && wrongly.said.includes("containerConcurrencies"), wrongly.said);
    return said;
  },
};

/** What CloudFormation's linter, AWS's runtime client and Google's framework say. */
export const FUNCTIONS: readonly Case[] = [...templates, wrong, service, lambda, google];
