import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { deriveDeployment } from "../../bundle/index.ts";
import { exportSourceOf } from "../../testing/export-source.ts";
import { exportCloudRun, exportLambda } from "./index.ts";
import { WAKE_SCRIPT } from "./wake-script.ts";
import { wakeTimes } from "./wake-times.ts";

type Around = Parameters<typeof exportSourceOf>[0];

const derive = (around: Around, more: { readonly postgres?: string; readonly language?: "python" } = { postgres: "DATABASE_URL" }) => deriveDeployment(exportSourceOf(around), { language: "workflow", ...more });
const refused = (code: string) => expect.objectContaining({ code }) as Error;

test("it is woken at its schedules, and every five minutes for what waits; EventBridge has its own lines", () => {
  const times = (on: string, settings = {}) => wakeTimes(derive({ on, settings })).map(({ cron, aws }) => [cron, ...aws]);
  expect(times(`every("1h"), cron("30 2 * * mon-fri", { timezone: "Europe/Berlin" })`)).toEqual([["0 * * * *", "cron(0 * * * ? *)"], ["30 2 * * 1-5", "cron(30 2 ? * 2,3,4,5,6 *)"], ["*/5 * * * *", "cron(0,5,10,15,20,25,30,35,40,45,50,55 * * * ? *)"]]);
  expect(times(`cron("0 4 1 * 7", { timezone: "UTC" })`)[0]).toEqual(["0 4 1 * 0", "cron(0 4 1 * ? *)", "cron(0 4 ? * 1 *)"]);
  expect(times(`every("7m")`)).toEqual([["* * * * *", "cron(* * * * ? *)"]]);
  expect(times(`queue("jobs")`, { queues: { jobs: { kind: "redis", url: "redis://x.example" } } })).toEqual([["* * * * *", "cron(* * * * ? *)"]]);
});

test("a template of SAM has references to secrets, and a URL only where others reach it", () => {
  const needs: NonNullable<Around["needs"]> = { variables: [{ name: "SITE_URL", secret: false, fallback: "https://a.example", place: "mcp.json, wiki" }], secrets: [{ name: "HOOK", place: "offstage.yaml" }] };
  const files = new Map(exportLambda(derive({ on: `webhook("github")`, needs })).map(({ path, content }) => [path, String(content)]));
  const { Parameters, Resources, Outputs } = parse(files.get("template.yaml") ?? "") as { Parameters: unknown; Resources: { Worker: { Properties: Record<string, unknown> } }; Outputs: unknown };
  expect(Parameters).toEqual({ SiteUrl: { Type: "String", Default: "https://a.example" } });
  expect(Resources.Worker.Properties["Environment"]).toEqual({ Variables: { NODE_ENV: "production", SITE_URL: { Ref: "SiteUrl" }, DATABASE_URL: "{{resolve:secretsmanager:leaks:SecretString:DATABASE_URL}}", HOOK: "{{resolve:secretsmanager:leaks:SecretString:HOOK}}" } });
  expect([Resources.Worker.Properties["FunctionUrlConfig"], Outputs]).toEqual([{ AuthType: "NONE" }, expect.anything()]);
  expect(files.get("app/handler.mjs")).toContain('["node_modules/.bin/offstage","serve","leaks","--log","json"]');
  expect(String(exportLambda(derive({ on: `every("1h")` }))[0]?.content)).not.toContain("FunctionUrlConfig");
});

test("a service of Cloud Run is always there, with its processor, and has its settings in the image", () => {
  const files = new Map(exportCloudRun(derive({ on: `webhook("github")` })).map(({ path, content }) => [path, String(content)]));
  expect(parse(files.get("service.yaml") ?? "")).toMatchObject({ spec: { template: { metadata: { annotations: { "run.googleapis.com/cpu-throttling": "false", "autoscaling.knative.dev/minScale": "1" } } } } });
  expect(files.get("Dockerfile")).toContain("\nCOPY app/offstage.function.yaml /app/offstage.yaml\n");
});

test("without a disk that lasts there has to be PostgreSQL; files with secrets and odd names are refused", () => {
  for (const make of [exportLambda, exportCloudRun]) {
    expect(() => make(derive({ on: `every("1h")` }, {}))).toThrow(refused("EXPORT_REFUSED"));
    expect(() => make(derive({ on: `every("1h")`, needs: { files: [{ path: "/run/secrets/a", place: "" }] } }))).toThrow("/run/secrets/a");
    expect(() => make(derive({ on: `every("1h")`, needs: { secrets: [{ name: "a-b", place: "" }] } }))).toThrow("a-b");
  }
});

test("two variables are never one parameter, and two secrets never one secret", () => {
  const variables = (secret: boolean, ...names: readonly string[]) => derive({ on: `every("1h")`, needs: { variables: names.map((name) => ({ name, secret, fallback: null, place: "" })) } });
  expect(() => exportLambda(variables(false, "A_B", "A__B"))).toThrow("AWS Lambda would have A_B and A__B under one name: AB.");
  expect(() => exportCloudRun(variables(true, "a_b", "A_B"))).toThrow("under one name: leaks-a-b.");
});

test("in Python the handler is the library's, and the package's settings are those of the function", () => {
  const python = derive({ on: `every("1h")`, settings: { serve: { metrics: true } } }, { postgres: "DATABASE_URL", language: "python" });
  const lambda = new Map(exportLambda(python).map(({ path, content }) => [path, String(content)]));
  expect(lambda.get("template.yaml")).toContain("Runtime: python3.13");
  expect(lambda.get("app/handler.py")).toContain('handler = lambda_handler(Path(__file__).resolve().parent, "leaks_workflow")');
  expect(JSON.parse(lambda.get("app/settings.json") ?? "")).toEqual({ version: 1, store: { postgres: "${env:DATABASE_URL}" }, serve: { listen: "0.0.0.0:8400", reload: false } });
  const cloud = new Map(exportCloudRun(python).map(({ path, content }) => [path, String(content)]));
  expect([...cloud.keys()]).toEqual(["service.yaml", "Dockerfile", ".dockerignore", "app/main.py", "app/settings.json", "README.md"]);
  expect(cloud.get("README.md")).toContain("GOOGLE_FUNCTION_SOURCE=main.py");
});

test("what a function's machine does not start is told, and nothing of an image", () => {
  const readme = (servers: Around["servers"], language?: "python"): string => String(exportLambda(derive({ on: `every("1h")`, ...(servers === undefined ? {} : { servers }) }, { postgres: "DATABASE_URL", ...(language === undefined ? {} : { language }) })).at(-1)?.content);
  const jira = { jira: { command: "npx", args: ["-y", "jira-mcp@1"] } };
  expect(readme(jira, "python")).toContain("\nNot all that is started is there: npx (jira). Use servers with a url, or those that Python runs.\n");
  expect([readme(jira), readme({}, "python")].join("")).not.toContain("Not all");
  expect(readme({}, "python")).not.toMatch(/\bimage/);
});

test("where serve does not come up, as without its store, a sender is told to try again and a wake fails", () => {
  const wakes = (request: string): string => execFileSync(process.execPath, ["--input-type=module", "--eval", `${WAKE_SCRIPT}
const command = [process.execPath, "--eval", "console.error('STORE_UNAVAILABLE'); process.exitCode = 1"];
console.log(await wake({ command, folder: ".", until: Date.now() + 100_000, request: ${request} }).then(String, (error) => error.message));`], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  expect(wakes(`{ method: "POST", path: "/", headers: {}, body: null }`)).toBe("null");
  expect(wakes("null")).toBe("serve ended with 1: STORE_UNAVAILABLE");
});
