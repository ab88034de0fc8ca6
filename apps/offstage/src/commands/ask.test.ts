import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { OffstageError } from "offstage/base";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { runCommandLine } from "../main.ts";
import { createDeskProject, type DeskProject, SETTINGS } from "../testing/desk-project.ts";

// A workflow that asks a model, at the command line, with a service on this machine that says what it is told to.

const SORT = `import { ask, each, once, workflow } from "offstage";
import { desk } from "#servers";

export default workflow({ name: "sort", on: [], limits: { writes: 5 } }, async () => {
  const { requests } = await desk.list_requests({});
  return await each(requests, { key: (request) => request.id }, async (request) => {
    const { urgent } = await ask({
      prompt: \`Is this urgent? \${request.title}\`,
      schema: { type: "object", properties: { urgent: { type: "boolean" } }, required: ["urgent"] },
      maxTokens: 20,
    });
    if (urgent) await once(\`urgent:\${request.id}\`, () => desk.say({ text: \`Urgent: \${request.title}\` }));
    return urgent;
  });
});
`;

let desk: DeskProject;
let service: Server;
let url: string;
/** Whether the service says nothing, and how often it was left then. */
let silent = false;
let left = 0;
const asked: { readonly key: string | undefined; readonly text: string }[] = [];

beforeAll(async () => {
  service = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      asked.push({ key: request.headers.authorization, text });
      if (silent) return void response.on("close", () => (left += 1));
      const content = JSON.stringify({ urgent: text.includes("fire") });
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ id: "1", object: "chat.completion", created: 1, model: "m", choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }], usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } }));
    });
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/v1`;
  desk = await createDeskProject();
  desk.write("workflows/sort.ts", SORT);
  desk.write("model.key", "swordfish-of-the-model\n");
}, 60_000);
beforeEach(() => {
  desk.reset();
  desk.write("offstage.yaml", `${SETTINGS}model: { use: local/small, providers: { local: { url: "${url}", key: "\${file:model.key}" } } }\n`);
  asked.splice(0);
  silent = false;
});
afterAll(() => {
  service.close();
  desk.remove();
});

test("Ctrl-C leaves a model that does not answer: nothing keeps the process alive", async () => {
  silent = true;
  const interrupt = new AbortController();
  const world = { stdout: { write: () => true }, stderr: { write: () => true }, env: { PATH: process.env["PATH"] }, cwd: desk.folder, signal: interrupt.signal };
  const ended = runCommandLine(["run", "sort"], world);
  await vi.waitFor(() => expect(asked).toHaveLength(1), 20_000);
  interrupt.abort(new OffstageError("CANCELLED", "Interrupted."));
  expect(await ended).toBe(130);
  await vi.waitFor(() => expect(left).toBe(1), 5_000);
}, 60_000);

test("a plan asks, and its apply writes by the plan's answers without asking again", async () => {
  const { plan } = (await desk.json("plan", "sort")).document.result;
  expect(plan.effects.map(({ label }) => label)).toEqual(["once urgent:r1"]);
  expect(asked.map(({ key }) => key)).toEqual(["Bearer swordfish-of-the-model", "Bearer swordfish-of-the-model"]);
  const applied = await desk.json("apply", plan.id);
  expect(applied.document.result.run).toMatchObject({ status: "succeeded", output: [true, false] });
  expect([asked.length, desk.writes().length]).toEqual([2, 1]);
});

test("no model, or a key that is not there, is told before anything runs", async () => {
  desk.write("offstage.yaml", SETTINGS);
  const none = await desk.run("run", "sort");
  expect([none.code, none.err]).toEqual([1, expect.stringContaining("error MODEL_MISSING")]);
  desk.write("offstage.yaml", `${SETTINGS}model: { use: local/small, providers: { local: { url: "${url}", key: "\${env:NO_SUCH_KEY}" } } }\n`);
  expect((await desk.run("run", "sort")).err).toContain("error SECRET_MISSING: offstage.yaml: the provider local");
  desk.write("offstage.yaml", `${SETTINGS}model: { use: other/small, providers: { local: { url: "${url}" } } }\n`);
  expect((await desk.run("run", "sort")).err).toContain("offstage.yaml:2");
  expect(asked).toEqual([]);
  // Who asks nothing needs none.
  desk.write("offstage.yaml", SETTINGS);
  expect((await desk.run("run", "announce")).code).toBe(0);
});
