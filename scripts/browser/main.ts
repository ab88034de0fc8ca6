/**
 * The checker in a real browser: bundled for a worker and given the texts of its libraries, it says of every workflow what it
 * says under Node, to the letter. Prints how large it is, and how long it takes there.
 *
 * `npm run test:browser`; `CHROMIUM` names the browser.
 */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { createCompiler, libraryFiles, nodeApiFiles, type WorkflowSource } from "offstage/language";
import { chromium } from "playwright-core";
import { rolldown } from "rolldown";
import { small } from "../../conformance/small-workflow.ts";
import { SUBSET } from "../../conformance/subset/index.ts";
import { SERVER_TYPES } from "../../conformance/world/servers.ts";
import type { CheckerAnswer, CheckerFiles } from "./check-worker.ts";
import { findChromium } from "./chromium.ts";

const MIB = 1 << 20;
const FIXTURES = new URL("../../packages/runtime/src/language/fixtures/", import.meta.url);

/** A workflow that checks, the whole subset, and modules with faults: their places, hints and fixes are compared too. */
function sources(): readonly WorkflowSource[] {
  const faulty = [`if (inputs.owner == "a") return inputs.nothing; return "x".localeCompare("y");`, `const a = [3, 1].sort(); return a[0`, `return /(?=a)/.test("\\ud800");`];
  const fixture = (name: string): string => readFileSync(new URL(name, FIXTURES), "utf8");
  const parts = [...SUBSET, ...faulty.map((body) => ({ body, top: "" }))].map(({ body, top }) => ({ ...small(body, { top }), serverTypes: SERVER_TYPES }));
  return [{ source: fixture("leak-tickets.txt"), serverTypes: fixture("servers.d.ts") }, ...parts].map((one) => ({ file: "w.ts", ...one }));
}

async function bundleWorker(): Promise<string> {
  const build = await rolldown({
    input: fileURLToPath(new URL("check-worker.ts", import.meta.url)),
    platform: "browser",
    logLevel: "silent",
    resolve: { conditionNames: ["offstage-src", "browser", "import", "default"] },
    transform: { define: { "process.browser": "true" } },
  });
  const { output } = await build.generate({ format: "iife", minify: true });
  return output[0].code;
}

function serve(worker: string): Promise<Server> {
  const server = createServer((request, response) => {
    const isWorker = request.url === "/worker.js";
    response.setHeader("content-type", isWorker ? "text/javascript; charset=utf-8" : "text/html; charset=utf-8");
    response.end(isWorker ? worker : "<!doctype html><title>check</title>");
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

/** In the page: starts the worker, hands it the files and then each source, and collects the answers in order. */
function checkAll(messagesJson: string): Promise<readonly CheckerAnswer[]> {
  return new Promise((resolve, reject) => {
    const messages = JSON.parse(messagesJson) as readonly unknown[];
    const { Worker: BrowserWorker } = globalThis as unknown as { Worker: new (url: string) => { postMessage(message: unknown): void; onmessage: (message: { data: CheckerAnswer }) => void; onerror: (error: { message: string }) => void } };
    const worker = new BrowserWorker("/worker.js");
    const answers: CheckerAnswer[] = [];
    worker.onerror = (error) => reject(new Error(error.message));
    worker.onmessage = ({ data }) => {
      if (answers.push(data) === messages.length - 1) resolve(answers);
    };
    for (const message of messages) worker.postMessage(message);
  });
}

const worker = await bundleWorker();
const folder = dirname(createRequire(new URL("../../packages/runtime/package.json", import.meta.url)).resolve("typescript"));
const libraries = libraryFiles((name) => readFileSync(join(folder, name), "utf8"));
const files: CheckerFiles = { apiFiles: nodeApiFiles(), libraries };
const asked = sources();
const server = await serve(worker);
const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-gpu"] });
try {
  const page = await browser.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const answers = await page.evaluate(checkAll, JSON.stringify([files, ...asked]));
  const compiler = createCompiler();
  for (const [index, source] of asked.entries()) assert.equal(answers[index]?.compiled, JSON.stringify(compiler.compileWorkflow(source)), source.source);
  assert.deepEqual(said, []);
  const programs = answers.filter(({ compiled }) => (JSON.parse(compiled) as { program: unknown }).program !== null).length;
  const warm = answers.slice(1).map(({ ms }) => ms).toSorted((a, b) => a - b);
  console.log(`${browser.version()}: ${answers.length} modules checked in a worker as under Node, ${programs} of them to a program.`);
  console.log(`The worker is ${(worker.length / MIB).toFixed(1)} MiB (${(gzipSync(worker).length / MIB).toFixed(1)} packed); the first check took ${Math.round(answers[0]?.ms ?? 0)} ms, later ones ${Math.round(warm[warm.length >> 1] ?? 0)} ms.`);
} finally {
  await browser.close();
  server.close();
}
