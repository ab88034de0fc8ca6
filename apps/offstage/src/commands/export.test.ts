import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
afterAll(() => desk.remove());

async function failure(...argv: readonly string[]) {
  return (await desk.json("export", ...argv)).document.error;
}

test("an unknown target, none, and a workflow that is not there say what there is", async () => {
  expect(await failure("announce", "--to", "cobol")).toMatchObject({ code: "USAGE", hint: expect.stringContaining("--to typescript") as string });
  expect(await failure("announce")).toMatchObject({ code: "USAGE" });
  expect(await failure("nothing", "--to", "typescript")).toMatchObject({ code: "WORKFLOW_NOT_FOUND" });
});

test("an option that a target has no use for is refused, and so is a place where nothing would start the workflow", async () => {
  for (const argv of [["systemd", "--image", "x:1"], ["compose", "--host", "h.example"], ["actions", "--jobs"], ["typescript", "--store", "postgres"], ["python", "--language", "python"]]) {
    expect(await failure("announce", "--to", ...argv)).toMatchObject({ code: "USAGE", message: `--to ${argv[0] ?? ""} has no use for ${argv[1] ?? ""}.` });
  }
  const text = desk.read("workflows/announce.ts");
  desk.write("workflows/announce.ts", text.replace(/on: \[[^\]]*\]/, "on: []"));
  for (const target of ["kubernetes", "compose", "systemd", "lambda", "cloud-run"]) expect(await failure("announce", "--to", target, "--store", "postgres")).toMatchObject({ code: expect.stringMatching("EXPORT_REFUSED|USAGE") as string, message: expect.stringMatching("no trigger|names no PostgreSQL") as string });
  desk.write("workflows/announce.ts", text);
});

test("a secret that is written out keeps the export from being made, and is not repeated; the reference to write is told", async () => {
  const before = desk.read("mcp.json");
  const secret = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
  const file = JSON.parse(before) as { mcpServers: { desk: { env?: Record<string, string> } } };
  file.mcpServers.desk.env = { ...file.mcpServers.desk.env, DESK_TOKEN: secret };
  desk.write("mcp.json", JSON.stringify(file));
  const { out, err, document } = await desk.json("export", "announce", "--to", "typescript");
  expect(document.error).toMatchObject({ code: "EXPORT_REFUSED", hint: expect.stringContaining("${env:") as string });
  expect(out + err).not.toContain(secret);
  desk.write("mcp.json", before);
  desk.write("offstage.yaml", `model: { use: a/b, providers: { a: { url: "http://127.0.0.1:1/v1?key=${secret}" } } }\n`);
  expect(await failure("announce", "--to", "typescript")).toMatchObject({ code: "EXPORT_REFUSED" });
  desk.write("offstage.yaml", "");
});

test("a token in the text of a workflow, or among the choices of an input of mcp.json, keeps the export from being made", async () => {
  const token = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
  const [text, servers] = [desk.read("workflows/announce.ts"), desk.read("mcp.json")];
  desk.write("workflows/announce.ts", `// Was: ${token}\n${text}`);
  const { out, err, document } = await desk.json("export", "announce", "--to", "typescript");
  expect(document.error).toMatchObject({ code: "EXPORT_REFUSED", message: expect.stringContaining("workflows/announce.ts:1:") as string });
  expect(out + err).not.toContain(token);
  desk.write("workflows/announce.ts", text);
  desk.write("mcp.json", JSON.stringify({ ...JSON.parse(servers) as object, inputs: [{ id: "token", type: "pickString", options: [token] }] }));
  expect(await failure("announce", "--to", "typescript")).toMatchObject({ code: "EXPORT_REFUSED", message: expect.stringContaining("mcp.json") as string });
  desk.write("mcp.json", servers);
});

test("a reference is no secret, also where it is the password of a URL; what holds in its place may be one", async () => {
  desk.write("offstage.yaml", 'store: { postgres: "postgresql://offstage:${env:DB_PASSWORD}@db.example/offstage" }\n');
  const { document } = await desk.json("export", "announce", "--to", "kubernetes", "--language", "python", "--out", "out");
  expect(document.error).toBeUndefined();
  expect(desk.read("out/kubernetes/deployment.yaml")).toContain("key: DB_PASSWORD");
  desk.write("offstage.yaml", 'store: { postgres: "postgresql://offstage:${env:DB_PASSWORD:-correct-horse-7}@db.example/offstage" }\n');
  expect(await failure("announce", "--to", "kubernetes")).toMatchObject({ code: "EXPORT_REFUSED" });
  desk.write("offstage.yaml", "");
});

test("what a function's machine does not start is told when it is exported", async () => {
  desk.write("offstage.yaml", "store: { postgres: \"${env:DATABASE_URL}\" }\n");
  const warnings = async (...argv: readonly string[]) => ((await desk.json("export", "announce", ...argv)).document.result as unknown as { readonly warnings: readonly string[] }).warnings;
  expect(await warnings("--to", "lambda", "--language", "python", "--out", "function")).toContainEqual(expect.stringMatching(/^Not all that is started is there: .* \(desk\)\. Use servers with a url, or those that Python runs\.$/));
  expect(await warnings("--to", "compose", "--language", "python", "--out", "container")).not.toContainEqual(expect.stringContaining("Not all that is started"));
  desk.write("offstage.yaml", "");
});

test("what Python would refuse at its first start is refused before anything is written", async () => {
  desk.write("offstage.yaml", "servers: { desk: { sandbox: true } }\n");
  for (const argv of [["--to", "python"], ["--to", "compose", "--language", "python"]]) {
    expect(await failure("announce", ...argv, "--out", "refused")).toMatchObject({ code: "EXPORT_REFUSED", message: expect.stringContaining("servers.desk: sandbox") as string });
  }
  desk.write("offstage.yaml", "serve: { metrics: true }\n");
  const { document } = await desk.json("export", "announce", "--to", "python", "--out", "without-metrics");
  expect(document.result).toEqual(expect.objectContaining({ warnings: expect.arrayContaining([expect.stringContaining("serve.metrics is left out")]) as unknown }));
  expect(JSON.parse(desk.read("without-metrics/settings.json"))).toEqual({ serve: {} });
  desk.write("offstage.yaml", "");
});
