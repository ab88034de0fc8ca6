/**
 * The studio's views in a real browser, inside the smallest host that the library of MCP Apps allows, against a real `offstage mcp`: a plan is shown, a title of a stranger stays text, and
 * the writes are made by the button and by nothing else.
 *
 * `npm run test:views [-- --pictures DIR]`; `CHROMIUM` names the browser.
 */
import { strict as assert } from "node:assert";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Browser, chromium, type Page } from "playwright-core";
import { rolldown } from "rolldown";
import { type Chat, startChat } from "../../apps/offstage/src/testing/chat.ts";
import { createDeskProject } from "../../apps/offstage/src/testing/desk-project.ts";
import { findChromium } from "./chromium.ts";

const HOSTILE = '<img src=x onerror="globalThis.injected=1"><script>globalThis.injected=1</script> & "quoted"';
const GREET = `import { each, once, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "greet", description: "Greets every request.", on: [], limits: { writes: 20 } }, async () => {
  const { requests } = await desk.list_requests({});
  await each(requests, { key: (request) => request.id }, async (request) => { await once(\`greet:\${request.id}\`, () => desk.say({ text: \`Hello \${request.title}\` })); });
});
`;
const FORKS = `import { approve, each, every, fail, once, parallel, sleep, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "forks", description: ${JSON.stringify(`Goes many ways. ${HOSTILE}`)}, on: [every("1h")], limits: { writes: 20 } }, async () => {
  const { requests } = await desk.list_requests({});
  if (requests.length > 20) throw fail("too many");
  else if (requests.length === 0) await sleep("2h");
  const { outcome } = await approve({ message: "Greet them?" });
  if (outcome !== "approved") return 0;
  await parallel({
    first: async () => { await desk.list_requests({}); },
    second: async () => {
      await each(requests, { key: (request) => request.id, onError: "continue" }, async (request) => {
        try { await once(\`greet:\${request.id}\`, () => desk.say({ text: request.title })); } catch { return; }
      });
    },
  });
  return requests.length;
});
`;

/** One of its items fails, one of its values holds what is known only after its first write, and one of its texts says that it were so. */
const PARTS = `import { each, fail, once, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "parts", description: "Greets in parts.", on: [], limits: { writes: 20 } }, async () => {
  const { requests } = await desk.list_requests({});
  const { key } = await once("k", () => desk.open_ticket({ label: "known after apply", title: "t" }));
  await once("l", () => desk.open_ticket({ label: key, title: "KNOWN WHEN PLANNED" }));
  await each(requests, { key: (request) => request.id, onError: "continue" }, async (request) => { if (request.id === "r2") throw fail("r2 was not read"); await once("k2", () => desk.say({ text: request.title })); });
});
`;

const { values } = parseArgs({ options: { pictures: { type: "string" } } });

const desk = await createDeskProject();
desk.reset({ requests: [{ id: "r1", title: "Printer is on fire" }, { id: "r2", title: HOSTILE }] });
const chat = await startChat(desk.folder, { views: true });
const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-gpu"] });
const host = await serveHost();
try {
  await chat.call("write", { file: "greet", text: GREET });
  const html = await viewOf(chat, "ui://offstage/plan.html");
  console.log(`${browser.version()}: the plan's view is ${Math.round(html.length / 1024)} KiB`);
  await refuses(html);
  await leavesOut(html);
  await performs(html);
  await saysAll(html);
  console.log("A plan is shown, refused and performed in its view; nothing is written but by the button.");
  await draws();
  await tells();
  console.log("A workflow is drawn as a graph; runs are listed, and each tells its story.");
} finally {
  await browser.close();
  host.close();
  await chat.close();
  desk.remove();
}

async function refuses(html: string): Promise<void> {
  const { page, told, frame } = await shown(html, await planned());
  // A client may hand a second plan to the same page: what is answered is the plan that is shown.
  await frame.getByRole("checkbox", { name: "greet:r1" }).uncheck();
  await page.evaluate((made) => (globalThis as unknown as { again(result: string): Promise<void> }).again(made), JSON.stringify(await planned()));
  await frame.getByRole("button", { name: "Perform these writes" }).waitFor();
  await frame.getByRole("button", { name: "Refuse" }).click();
  await frame.getByText("The person said no").waitFor();
  assert.deepEqual(desk.writes(), []);
  assert.match(told.join("\n"), /answered the plan .* in its view: no/);
  assert.equal(told.length, 1);
  await page.close();
}

async function leavesOut(html: string): Promise<void> {
  const { page, frame } = await shown(html, await planned());
  await frame.getByRole("checkbox", { name: "greet:r1" }).uncheck();
  await picture(page, "plan-without");
  await frame.getByRole("button", { name: "Perform 1 of 2" }).click();
  await frame.getByText("not in plan").first().waitFor({ timeout: 30_000 });
  assert.equal(desk.writes().length, 1);
  assert.ok(!desk.writes().join("").includes("Printer"), "the write that was left out was made");
  desk.reset({ requests: desk.state().requests });
  await page.close();
}

async function performs(html: string): Promise<void> {
  const plan = await planned();
  assert.ok(!JSON.stringify(plan.content).includes(String(plan._meta?.["offstage/permit"])), "what a model reads has no permit");
  const { page, told, frame, injected } = await shown(html, plan);
  await frame.getByRole("heading", { name: "greet: 2 writes" }).waitFor();
  assert.equal(await frame.getByRole("listitem").count(), 2);
  assert.equal(await frame.getByText(HOSTILE).count(), 1);
  assert.equal(await injected(), undefined);
  await picture(page, "plan");
  await page.setViewportSize({ width: 360, height: 800 });
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, "plan-narrow-dark");
  await frame.getByRole("button", { name: "Perform these writes" }).click();
  await frame.getByText("succeeded").waitFor({ timeout: 30_000 });
  assert.ok(!(await frame.getByRole("status").innerText()).includes("<data"), "marks are for models");
  await picture(page, "plan-performed");
  assert.equal(desk.writes().length, 2);
  assert.match(told.join("\n"), /in its view: yes/);
  await page.close();
}

async function saysAll(html: string): Promise<void> {
  await chat.call("write", { file: "parts", text: PARTS });
  const plan = await called("plan", { workflow: "parts" });
  const { page, frame } = await shown(html, plan);
  await frame.getByText(/^each#1\[r2\].*: r2 was not read$/).waitFor();
  for (const words of ["\"known after apply\"", "KNOWN WHEN PLANNED", "identity parts/once/k"]) assert.equal(await frame.getByText(words).count() > 0, true, words);
  assert.equal(await frame.locator(".later", { hasText: /^known after apply$/ }).count(), 1);
  await picture(page, "plan-parts", true);
  // What is not whole is told by its text, and nobody says yes to it.
  await page.evaluate((made) => (globalThis as unknown as { again(result: string): Promise<void> }).again(made), JSON.stringify({ ...plan, structuredContent: { plan: {} } }));
  await frame.getByText("Failed while planning:").waitFor();
  assert.equal(await frame.getByRole("button").count(), 0);
  await page.close();
  const flow = await viewOf(chat, "ui://offstage/workflow.html");
  const checked = await called("check", { workflow: "parts" });
  const drawn = await shown(flow, checked);
  await drawn.frame.getByText("ONCE_KEY_CONSTANT").first().waitFor();
  assert.equal(await drawn.frame.getByText("starts by hand").count(), 1);
  await picture(drawn.page, "workflow-warned", true);
  await drawn.page.evaluate((made) => (globalThis as unknown as { again(result: string): Promise<void> }).again(made), JSON.stringify({ ...checked, structuredContent: { flow: {} } }));
  await drawn.frame.getByText("parts: checks").waitFor();
  await drawn.page.close();
}

async function draws(): Promise<void> {
  const html = await viewOf(chat, "ui://offstage/workflow.html");
  await chat.call("write", { file: "forks", text: FORKS });
  const checked = await called("check", { workflow: "forks" });
  const { page, frame, injected } = await shown(html, checked);
  await frame.getByRole("heading", { name: "forks" }).waitFor();
  assert.equal(await frame.getByText(HOSTILE).count(), 1);
  assert.equal(await injected(), undefined);
  for (const words of ["starts every 1h", "if requests.length > 20", "asks a person \"Greet them?\"", "for each of requests, going on after one that fails", "once by the key `greet:${request.id}`: desk.say", "returns requests.length"]) assert.equal(await frame.getByText(words, { exact: false }).count() > 0, true, words);
  assert.ok(JSON.stringify(checked.content).includes("for each of requests, going on after one that fails"), "the text form says the same");
  await picture(page, "workflow", true);
  await page.setViewportSize({ width: 360, height: 800 });
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, "workflow-narrow-dark", true);
  await page.close();
  await chat.call("write", { file: "broken", text: GREET.replace("await once", "once").replaceAll("greet", "broken") });
  const broken = await shown(html, await called("check", { workflow: "broken" }));
  await broken.frame.getByText("FLOATING_PROMISE").waitFor();
  await picture(broken.page, "workflow-broken");
  await broken.page.close();
}

async function tells(): Promise<void> {
  const html = await viewOf(chat, "ui://offstage/runs.html");
  const { page, frame } = await shown(html, await called("runs", {}));
  await frame.getByRole("heading", { name: "Runs" }).waitFor();
  await picture(page, "runs");
  await frame.getByRole("row").filter({ hasText: "apply" }).getByRole("button").first().click();
  await frame.getByRole("heading", { name: /^Run .* of greet: / }).waitFor();
  await frame.getByText("✓ greet:r2").first().waitFor();
  assert.equal(await frame.getByText("desk.say").count() > 0, true);
  await picture(page, "run");
  await page.setViewportSize({ width: 360, height: 800 });
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, "run-narrow-dark", true);
  await frame.getByRole("button", { name: "All runs" }).click();
  await frame.getByRole("heading", { name: "Runs" }).waitFor();
  await page.close();
}

interface Result {
  readonly content: unknown;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

function planned(): Promise<Result> {
  return called("plan", { workflow: "greet" });
}

async function called(name: string, args: { readonly [name: string]: unknown }): Promise<Result> {
  return (await chat.client.callTool({ name, arguments: args })) as Result;
}

async function viewOf({ client }: Chat, uri: string): Promise<string> {
  const { contents: [content] } = await client.readResource({ uri });
  assert.equal(content?.mimeType, "text/html;profile=mcp-app");
  return content !== undefined && "text" in content ? content.text : "";
}

/** The view in a page of the host, with what it told the model. */
async function shown(html: string, result: Result): Promise<{ readonly page: Page; readonly told: readonly string[]; readonly frame: ReturnType<Page["frameLocator"]>; injected(): Promise<unknown> }> {
  const page = await (browser as Browser).newPage({ viewport: { width: 760, height: 720 } });
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  const told: string[] = [];
  await page.exposeFunction("callTool", async (params: string) => JSON.stringify(await chat.client.callTool(JSON.parse(params) as Parameters<Chat["client"]["callTool"]>[0])));
  await page.exposeFunction("told", (context: string) => void told.push(context));
  await page.goto(`http://127.0.0.1:${(host.address() as AddressInfo).port}/`);
  await page.evaluate(([view, made]) => (globalThis as unknown as { show(html: string, result: string): Promise<void> }).show(view ?? "", made ?? ""), [html, JSON.stringify(result)]);
  assert.deepEqual(faults, []);
  return { page, told, frame: page.frameLocator("iframe"), injected: () => page.frames().at(-1)?.evaluate(() => (globalThis as { injected?: unknown }).injected) ?? Promise.resolve(undefined) };
}

/** `whole`: as high as what is in the frame. */
async function picture(page: Page, name: string, whole = false): Promise<void> {
  if (values.pictures === undefined) return;
  const height = await page.frames().at(-1)?.evaluate(() => (globalThis as unknown as { readonly document: { readonly documentElement: { readonly scrollHeight: number } } }).document.documentElement.scrollHeight) ?? 0;
  const { width = 760 } = page.viewportSize() ?? {};
  if (whole) await page.setViewportSize({ width, height });
  // What is drawn is drawn with the next frame.
  await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
  mkdirSync(values.pictures, { recursive: true });
  await page.screenshot({ path: join(values.pictures, `${name}.png`) });
}

async function serveHost(): Promise<ReturnType<typeof createServer>> {
  const build = await rolldown({ input: fileURLToPath(new URL("view-host.ts", import.meta.url)), platform: "browser", logLevel: "silent", resolve: { conditionNames: ["browser", "import", "default"] } });
  const { output: [{ code }] } = await build.generate({ format: "iife", minify: true });
  const server = createServer((request, response) => {
    const isScript = request.url === "/host.js";
    response.setHeader("content-type", isScript ? "text/javascript; charset=utf-8" : "text/html; charset=utf-8");
    response.end(isScript ? code : '<!doctype html><title>host</title><style>body{margin:0}iframe{border:0;width:100vw;height:100vh}</style><iframe sandbox="allow-scripts"></iframe><script src="/host.js"></script>');
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
