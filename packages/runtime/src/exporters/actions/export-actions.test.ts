import { expect, test } from "vitest";
import { parse } from "yaml";
import { deriveDeployment } from "../../bundle/index.ts";
import { exportSourceOf } from "../../testing/export-source.ts";
import { exportActions } from "./index.ts";

interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly steps: readonly { readonly run?: string; readonly env?: Record<string, string> }[];
}

function exported(around: Parameters<typeof exportSourceOf>[0]) {
  const source = exportSourceOf({ settings: { store: { postgres: "${env:DATABASE_URL}" } }, ...around });
  const files = new Map(exportActions(deriveDeployment(source, { language: "workflow" })).map(({ path, content }) => [path, String(content)]));
  return { files, document: parse(files.get(".github/workflows/leaks.yml") ?? "") as { readonly on: { readonly schedule: unknown }; readonly jobs: Readonly<Record<string, Job>> } };
}

test("a plan at each time, and its apply behind an environment; a sweep apart from both", () => {
  const { document: { on, jobs } } = exported({ on: `every("10m"), cron("0 2 * * 7", { timezone: "Europe/Berlin", sweep: true })` });
  expect(on.schedule).toEqual([{ cron: "*/10 * * * *" }, { cron: "0 2 * * 0", timezone: "Europe/Berlin" }]);
  expect(Object.keys(jobs)).toEqual(["plan", "apply", "sweep"]);
  expect([jobs["plan"]?.if, jobs["sweep"]?.if]).toEqual(["${{ !(github.event.schedule == '0 2 * * 0') }}", "${{ github.event.schedule == '0 2 * * 0' }}"]);
  expect([jobs["apply"]?.environment, jobs["sweep"]?.environment]).toEqual(["production", "production"]);
  expect(jobs["apply"]?.steps.at(-1)?.run).toContain('node_modules/.bin/offstage apply "$PLAN"');
});

test("secrets are the repository's, variables have what holds where they are not set", () => {
  const { document } = exported({ on: `every("10m")`, needs: { variables: [{ name: "GITHUB_TOKEN", secret: true, fallback: null, place: "" }, { name: "TEAM", secret: false, fallback: "it's", place: "" }], secrets: [{ name: "a-key", place: "" }] } });
  expect(document.jobs["plan"]?.steps.at(-1)?.env).toEqual({ DATABASE_URL: "${{ secrets.DATABASE_URL }}", GITHUB_TOKEN: "${{ secrets.OFFSTAGE_GITHUB_TOKEN }}", TEAM: "${{ vars.TEAM || 'it''s' }}", "a-key": "${{ secrets.a_key }}" });
});

test("two secrets are never one: not by the name that GitHub lets them have, nor by small letters", () => {
  for (const names of [["X-Y", "X_Y"], ["GITHUB_T_KEY", "OFFSTAGE_GITHUB_T_KEY"], ["token", "TOKEN"]]) {
    expect(() => exported({ on: `every("10m")`, needs: { secrets: names.map((name) => ({ name, place: "" })) } })).toThrow(expect.objectContaining({ code: "EXPORT_REFUSED", message: expect.stringContaining(`would have ${names[0] ?? ""} and ${names[1] ?? ""} under one name`) as string }) as Error);
  }
});

test("what is more often than GitHub looks comes when it looks; what it cannot do is said", () => {
  const { document, files } = exported({ on: `every("1m"), webhook("github")` });
  expect(document.on.schedule).toEqual([{ cron: "*/5 * * * *" }]);
  expect(files.get("README.md")).toContain("Not done here: it takes deliveries of github.");
});

test("without PostgreSQL, without a time, and with secrets in files it is refused", () => {
  const refused = expect.objectContaining({ code: "EXPORT_REFUSED" }) as Error;
  expect(() => exported({ on: `every("10m")`, settings: {} })).toThrow(refused);
  expect(() => exported({ on: `webhook("github")` })).toThrow("has no schedule");
  expect(() => exported({ on: `every("10m")`, body: `await sleep("1h"); await world.create({});` })).toThrow("a run of it may wait");
  expect(() => exported({ on: `every("10m")`, needs: { files: [{ path: "/run/secrets/x", place: "" }] } })).toThrow(refused);
});
