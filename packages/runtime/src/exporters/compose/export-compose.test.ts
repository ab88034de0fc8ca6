import { expect, test } from "vitest";
import { parse } from "yaml";
import { deriveDeployment } from "../../bundle/index.ts";
import { exportSourceOf } from "../../testing/export-source.ts";
import { exportCompose } from "./index.ts";

const NEEDS = {
  variables: [{ name: "TOKEN", secret: true, fallback: null, place: "mcp.json, jira" }, { name: "SITE", secret: false, fallback: null, place: "mcp.json, jira" }],
  secrets: [{ name: "HOOK", place: "offstage.yaml" }], files: [{ path: "/run/secrets/shop", place: "offstage.yaml" }, { path: "keys/a.creds", place: "offstage.yaml" }],
};

function exported(around: Parameters<typeof exportSourceOf>[0], choices: { readonly language?: "python"; readonly postgres?: string } = {}) {
  const files = new Map(exportCompose(deriveDeployment(exportSourceOf(around), { language: "workflow", ...choices })).map(({ path, content }) => [path, String(content)]));
  return { files, document: parse(files.get("compose.yaml") ?? "") as { services: { worker: Record<string, unknown> }; secrets?: unknown } };
}

test("one service, as nobody, with a root that nobody writes to, reached from this machine alone", () => {
  const { document: { services: { worker } } } = exported({ on: `webhook("github")` });
  expect(worker).toMatchObject({ user: "10001:10001", read_only: true, cap_drop: ["ALL"], ports: ["127.0.0.1:8400:8400"], stop_grace_period: "40s", deploy: { replicas: 1 } });
  expect(worker["command"]).toEqual(["node_modules/.bin/offstage", "serve", "leaks", "--log", "json"]);
});

test("secrets are files of a person, and never in compose.yaml", () => {
  const { files, document } = exported({ on: `every("10m")`, needs: NEEDS });
  expect(document.services.worker["env_file"]).toEqual(["environment.env", { path: "secrets.env", format: "raw" }]);
  expect(document.services.worker["secrets"]).toEqual([{ source: "HOOK", target: "/run/secrets/HOOK" }, { source: "shop", target: "/run/secrets/shop" }, { source: "keys-a.creds", target: "/app/keys/a.creds" }]);
  expect(document.secrets).toEqual({ HOOK: { file: "./secrets/HOOK" }, shop: { file: "./secrets/shop" }, "keys-a.creds": { file: "./secrets/keys-a.creds" } });
  expect([files.get("secrets.env.example"), files.get("environment.env"), files.get(".gitignore")]).toEqual([expect.stringContaining("\nTOKEN=\n"), expect.stringContaining("\nSITE=\n"), "secrets.env\nsecrets/\n"]);
});

test("the README's commands ask for what has to be there before they start it", () => {
  const [, block = ""] = /```sh\n([^]*?)```/.exec(exported({ on: `every("10m")`, needs: NEEDS }).files.get("README.md") ?? "") ?? [];
  expect(block.split("\n").slice(0, 5)).toEqual([
    "cp --no-clobber secrets.env.example secrets.env",
    "(umask 077 && mkdir --parents secrets && touch secrets/HOOK secrets/shop secrets/keys-a.creds)",
    "${EDITOR:-vi} environment.env secrets.env secrets/HOOK secrets/shop secrets/keys-a.creds   # what is blank there",
    "sudo chown 10001 secrets/HOOK secrets/shop secrets/keys-a.creds   # who runs in the container",
    "docker compose up --detach --build",
  ]);
});

test("two files are never one; a $ in a path is none of Compose's own", () => {
  const files = (...paths: readonly string[]) => ({ on: `every("10m")`, needs: { files: paths.map((path) => ({ path, place: "" })) } });
  expect(() => exported(files("/run/a-b", "run/a-b"))).toThrow("Docker Compose would have /run/a-b and /app/run/a-b under one name: run-a-b.");
  expect(exported(files("/run/a", "keys/a", "/app/keys/a")).document.services.worker["secrets"]).toHaveLength(2);
  expect(exported(files("/run/cost$5")).document.services.worker["secrets"]).toEqual([{ source: "run-cost-5", target: "/run/cost$$5" }]);
});

test("a command or a default of several lines begins no line of its own", () => {
  const { files } = exported({ on: `every("10m")`, servers: { box: { command: "foo\nRUN evil1" } }, needs: { variables: [{ name: "TEAM", secret: false, fallback: "a\nEVIL=1", place: "" }], programs: [{ argv: ["op\r\nRUN evil2"], place: "" }] } });
  expect([files.get("Dockerfile"), files.get("environment.env")].join("\n")).not.toMatch(/^(?:RUN evil|EVIL)/m);
});

test("health is asked for by what the image has", () => {
  expect(exported({ on: `every("10m")` }, { language: "python" }).document.services.worker["healthcheck"]).toMatchObject({ test: ["CMD", "python", "-c", expect.stringContaining("/healthz")] });
});

test("metrics have a port of their own, for this machine; a store in PostgreSQL is not bound to one process", () => {
  const { worker } = exported({ on: `every("10m")`, settings: { serve: { metrics: true } } }, { postgres: "DATABASE_URL" }).document.services;
  expect(worker["ports"]).toEqual(["127.0.0.1:8400:8400", "127.0.0.1:9464:9464"]);
  expect(worker["deploy"]).not.toHaveProperty("replicas");
});
