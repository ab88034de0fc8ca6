import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { deriveDeployment } from "../../bundle/index.ts";
import { exportSourceOf } from "../../testing/export-source.ts";
import { exportKubernetes, type KubernetesOptions } from "./index.ts";

interface Choices extends KubernetesOptions {
  readonly postgres?: string;
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Record<string, never>;
}

const NEEDS = {
  variables: [{ name: "JIRA_TOKEN", secret: true, fallback: null, place: "mcp.json, jira" }, { name: "JIRA_URL", secret: false, fallback: null, place: "mcp.json, jira" }, { name: "TEAM", secret: false, fallback: "core", place: "mcp.json, jira" }],
  secrets: [{ name: "HOOK", place: "offstage.yaml" }],
  files: [{ path: "/run/secrets/ledger", place: "offstage.yaml" }, { path: "keys/own.pem", place: "offstage.yaml" }],
};

function exported(around: Parameters<typeof exportSourceOf>[0], { postgres, ...options }: Choices = {}) {
  const deployment = deriveDeployment(exportSourceOf(around), { language: "workflow", ...(postgres === undefined ? {} : { postgres }) });
  const files = new Map(exportKubernetes(deployment, options).map(({ path, content }) => [path, String(content)]));
  const manifests = [...files].filter(([path]) => /^kubernetes\/[a-z-]+\.yaml$/.test(path) && !/kustomization|offstage\.yaml/.test(path)).flatMap(([, text]) => parseAllDocuments(text).map((document) => document.toJS() as Manifest));
  return { files, manifests, kinds: manifests.map(({ kind }) => kind), spec: (kind: string) => manifests.find((one) => one.kind === kind)?.spec as unknown };
}

test("a store in a file has one process, replaced before the next one starts, and the manifest says why", () => {
  const { files, kinds, spec } = exported({ on: `every("10m")` });
  expect(kinds).toEqual(["Namespace", "ServiceAccount", "PersistentVolumeClaim", "Deployment", "Service", "NetworkPolicy", "PodDisruptionBudget"]);
  expect(spec("Deployment")).toMatchObject({ replicas: 1, strategy: { type: "Recreate" } });
  expect(spec("PersistentVolumeClaim")).toMatchObject({ accessModes: ["ReadWriteOncePod"] });
  expect(files.get("kubernetes/deployment.yaml")).toMatch(/# One replica[\s\S]*SQLite[\s\S]*replicas: 1/);
});

test("a store in PostgreSQL has several, which share deliveries", () => {
  const { kinds, spec, files } = exported({ on: `webhook("github")` }, { postgres: "DATABASE_URL" });
  expect(kinds).toEqual(["Namespace", "ServiceAccount", "Deployment", "Service", "Ingress", "NetworkPolicy", "PodDisruptionBudget", "HorizontalPodAutoscaler"]);
  expect(spec("Deployment")).not.toHaveProperty("replicas");
  expect(spec("Deployment")).toMatchObject({ strategy: { type: "RollingUpdate" } });
  expect(spec("Ingress")).toMatchObject({ rules: [{ http: { paths: [{ path: "/webhooks/github", pathType: "Exact" }] } }] });
  expect(parse(files.get("kubernetes/offstage.yaml") ?? "")).toMatchObject({ store: { postgres: "${env:DATABASE_URL}" }, serve: { listen: "0.0.0.0:8400" } });
  expect(exported({ on: `every("10m")` }, { postgres: "DATABASE_URL" }).spec("Deployment")).toMatchObject({ replicas: 2 });
});

test("secrets are references, each by its own key; what is no secret is filled in by a person; what is a file is mounted where it is looked for", () => {
  const { files, spec } = exported({ on: `every("10m")`, needs: NEEDS }, { secretStore: "vault" });
  const pod = (spec("Deployment") as { template: { spec: { containers: [{ env: unknown; volumeMounts: unknown }]; volumes: unknown } } }).template.spec;
  expect(pod.containers[0].env).toEqual([{ name: "JIRA_TOKEN", valueFrom: { secretKeyRef: { name: "leaks-secrets", key: "JIRA_TOKEN" } } }]);
  expect(pod.containers[0].volumeMounts).toEqual(expect.arrayContaining([{ name: "secrets", mountPath: "/run/secrets", readOnly: true }, { name: "files", mountPath: "/app/keys/own.pem", subPath: "keys-own.pem", readOnly: true }]) as unknown);
  expect(pod.volumes).toEqual(expect.arrayContaining([{ name: "secrets", secret: { secretName: "leaks-secrets", defaultMode: 288, items: [{ key: "HOOK", path: "HOOK" }, { key: "ledger", path: "ledger" }] } }]) as unknown);
  expect(files.get("kubernetes/environment.env")).toMatch(/\nJIRA_URL=\n# mcp\.json, jira\n# TEAM=core\n/);
  expect(spec("ExternalSecret")).toMatchObject({ secretStoreRef: { name: "vault" }, data: [{ secretKey: "HOOK" }, { secretKey: "JIRA_TOKEN" }, { secretKey: "keys-own.pem" }, { secretKey: "ledger" }] });
});

test("two secrets never have one key of the Secret; a variable and a file of its name in /run/secrets are one", () => {
  const needs = (variable: string, ...paths: readonly string[]) => ({ on: `every("10m")`, needs: { variables: [{ name: variable, secret: true, fallback: null, place: "" }], files: paths.map((path) => ({ path, place: "" })) } });
  expect(() => exported(needs("TOKEN", "/run/a-b", "run/a-b"))).toThrow("Kubernetes would have /run/a-b and /app/run/a-b under one name: run-a-b.");
  expect(() => exported(needs("TOKEN", "TOKEN"))).toThrow("Kubernetes would have TOKEN and /app/TOKEN under one name: TOKEN.");
  expect(exported(needs("TOKEN", "/run/secrets/TOKEN")).kinds).toContain("Deployment");
});

test("CronJobs stand in the worker's place, one for each time, and never twice at once", () => {
  const { kinds, manifests } = exported({ on: `every("10m"), cron("0 2 * * 7", { timezone: "Europe/Berlin", sweep: true, missed: "skip" })` }, { jobs: true });
  expect(kinds).toEqual(["Namespace", "ServiceAccount", "PersistentVolumeClaim", "CronJob", "CronJob", "NetworkPolicy"]);
  expect(manifests.filter(({ kind }) => kind === "CronJob").map(({ spec: { schedule, timeZone, concurrencyPolicy, startingDeadlineSeconds } }) => [schedule, timeZone, concurrencyPolicy, startingDeadlineSeconds])).toEqual([["*/10 * * * *", "UTC", "Forbid", undefined], ["0 2 * * 0", "Europe/Berlin", "Forbid", 60]]);
  expect(() => exported({ on: `webhook("github")` }, { jobs: true })).toThrow("it takes deliveries of github");
  expect(() => exported({}, { jobs: true })).toThrow("it has no schedule");
});

test("KEDA ends the last one only where nothing but messages starts anything", () => {
  const settings = { queues: { orders: { kind: "redis", url: "redis://redis.example:6379", field: "data" }, mails: { kind: "sqs", url: "${env:QUEUE}" } } };
  expect(exported({ on: `queue("orders")`, settings }, { keda: true }).spec("ScaledObject")).toMatchObject({ minReplicaCount: 0, maxReplicaCount: 1, triggers: [{ type: "redis-streams", metadata: { address: "redis.example:6379", stream: "orders" } }] });
  const both = exported({ on: `queue("mails"), every("10m")`, settings }, { keda: true, postgres: "DATABASE_URL" });
  expect(both.spec("ScaledObject")).toMatchObject({ minReplicaCount: 1, maxReplicaCount: 2 });
  expect(both.spec("Deployment")).not.toHaveProperty("replicas");
});

test("metrics are scraped where they are, with the token that they ask for", () => {
  expect(exported({ on: `every("10m")`, settings: { serve: { metrics: true } } }, { serviceMonitor: true }).spec("ServiceMonitor")).toMatchObject({ endpoints: [{ port: "metrics" }] });
  expect(exported({ on: `every("10m")`, settings: { serve: { metrics: { token: "${secret:SCRAPE}" } } } }, { serviceMonitor: true }).spec("ServiceMonitor")).toMatchObject({ endpoints: [{ port: "http", authorization: { credentials: { key: "SCRAPE" } } }] });
});

test("a manifest that is asked for, and of which nothing could be in it, is refused, not left out", () => {
  const metrics = { serve: { metrics: true } };
  for (const [around, options, why] of [
    [{ on: `every("10m")` }, { keda: true }, "takes no messages"],
    [{ on: `every("10m")` }, { serviceMonitor: true }, "tells no metrics"],
    [{ on: `every("10m")`, settings: metrics }, { serviceMonitor: true, jobs: true }, "tells no metrics as CronJobs"],
    [{ on: `every("10m")` }, { host: "leaks.example" }, "has nothing that others reach"],
  ] as const) expect(() => exported(around, options)).toThrow(why);
});

test("what it listens to and nobody describes is said in the README", () => {
  expect(exported({ on: `webhook("github"), queue("orders")`, settings: { queues: { orders: { kind: "redis" } } } }).files.get("README.md")).toContain("It does not start before `kubernetes/offstage.yaml` says what `webhooks.github` is.");
});

test("long names stay within what Kubernetes takes", () => {
  const { manifests } = exported({ name: "a".repeat(63), on: `every("10m"), every("1h")` }, { jobs: true });
  for (const { metadata } of manifests) expect(metadata.name.length).toBeLessThanOrEqual(52);
});
