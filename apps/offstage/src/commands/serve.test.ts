import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
afterAll(() => desk.remove());

const workflow = (name: string, on: string): void => desk.write(`workflows/${name}.ts`, `import { every, queue, webhook, workflow } from "offstage";\nexport default workflow({ name: "${name}", on: [${on}] }, async () => 1);\n`);

test("a workflow without a trigger cannot be served by name, and an option that is none is refused", async () => {
  workflow("idle", "");
  expect(await desk.json("serve", "--log", "yaml", "idle")).toMatchObject({ code: 2, document: { error: { code: "USAGE", message: "--log takes text or json, not yaml." } } });
  expect(await desk.json("serve", "idle")).toMatchObject({ code: 2, document: { error: { code: "USAGE", message: "idle has no trigger." } } });
});

test("a JSON log says why nothing is served by the code and the words of the errors", async () => {
  desk.write("workflows/broken.ts", 'import { workflow } from "offstage";\nexport default workflow({ name: "broken", on: [] }, async () => nobody);\n');
  const [line = ""] = (await desk.run("serve", "--log", "json", "broken")).err.split("\n");
  expect(JSON.parse(line)).toMatchObject({ event_name: "offstage.process.failed", attributes: { "error.type": "WORKFLOW_INVALID" }, body: expect.stringMatching(/^1 error; workflows\/broken\.ts:2:\d+ TS2304 .*nobody/) as unknown });
});

test("a webhook that nobody described, a secret that is missing and a port that is taken are told before anything is served", async () => {
  workflow("hooked", 'webhook("git-hub")');
  const told = async (settings: string): Promise<object> => {
    desk.write("offstage.yaml", settings);
    return desk.json("serve", "hooked");
  };
  expect(await told("")).toMatchObject({ document: { error: { code: "CONFIG_INVALID", message: "A workflow listens to the webhook git-hub, of which offstage.yaml says nothing.", hint: expect.stringContaining("${env:GIT_HUB_WEBHOOK_SECRET}") as unknown } } });
  expect(await told('webhooks: { git-hub: { verify: github, secret: "${env:NOT_THERE}" } }')).toMatchObject({ document: { error: { code: "SECRET_MISSING" } } });
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  expect(await told(`webhooks: { git-hub: { verify: github, secret: "long-enough-for-one" } }\nserve: { listen: "127.0.0.1:${port}" }`)).toMatchObject({ code: 1, document: { error: { code: "PORT_UNAVAILABLE" } } });
  taken.close();
  desk.write("offstage.yaml", "");
});

test("a queue that nobody described, and a secret of one that is missing or too short, are told before anything is served", async () => {
  workflow("queued", 'queue("orders")');
  const told = async (settings: string): Promise<object> => {
    desk.write("offstage.yaml", settings);
    return desk.json("serve", "queued");
  };
  expect(await told("queues: { other: { kind: redis, url: \"redis://127.0.0.1\" } }")).toMatchObject({ document: { error: { code: "CONFIG_INVALID", message: "A workflow listens to the queue orders, of which offstage.yaml says nothing.", hint: expect.stringContaining("stream: orders") as unknown } } });
  expect(await told('queues: { orders: { kind: redis, url: "${env:NOT_THERE}" } }')).toMatchObject({ document: { error: { code: "SECRET_MISSING" } } });
  expect(await told('queues: { orders: { kind: redis, url: "redis://:short@127.0.0.1" } }')).toMatchObject({ document: { error: { code: "SECRET_TOO_SHORT" } } });
  expect(await told('queues: { orders: { kind: redis, url: "http://127.0.0.1" } }')).toMatchObject({ document: { error: { code: "CONFIG_INVALID", message: "offstage.yaml: the queue orders: its `url` is none of redis." } } });
  desk.write("offstage.yaml", "");
});

test("a workflow that does not check keeps the others from being served", async () => {
  desk.write("workflows/broken.ts", "export default 1;");
  expect((await desk.run("serve")).code).toBe(2);
});
