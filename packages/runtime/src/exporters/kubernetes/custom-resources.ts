import type { JsonObject } from "../../base/index.ts";
import { commented, type DeployedQueue, type Deployment, type KeptName, type Yaml } from "../../bundle/index.ts";
import { labelsOf, named, selectorOf } from "./names.ts";
import { singleFiles, swappedFiles } from "./pod.ts";
import type { KubernetesOptions } from "./options.ts";
import { hasOwnMetrics } from "./worker.ts";

/** What the Secret keeps, and under which key. What lies in `/run/secrets` is named as a variable is: `${secret:NAME}` may be either. */
export function keptSecrets(deployment: Pick<Deployment, "needs">): readonly KeptName[] {
  const variables = deployment.needs.variables.filter(({ secret }) => secret).map(({ name }) => ({ what: name, name }));
  return [...variables, ...[...swappedFiles(deployment), ...singleFiles(deployment)].map(({ key, path }) => ({ what: path, name: key }))];
}

/** The keys of the Secret, in order. */
export function secretKeys(deployment: Pick<Deployment, "needs">): readonly string[] {
  return [...new Set(keptSecrets(deployment).map(({ name }) => name))].toSorted();
}

/** The Secret, from where your secrets are (External Secrets Operator). */
export function externalSecret(deployment: Deployment, { secretStore }: KubernetesOptions): readonly Yaml[] {
  const keys = secretKeys(deployment);
  if (secretStore === undefined || keys.length === 0) return [];
  return [{
    apiVersion: "external-secrets.io/v1", kind: "ExternalSecret",
    metadata: { name: named(deployment, "secrets"), labels: labelsOf(deployment) },
    spec: {
      refreshInterval: commented("5m0s", "Files below /run/secrets are taken when they change; variables when the pod starts anew."),
      secretStoreRef: { kind: "ClusterSecretStore", name: secretStore },
      target: { name: named(deployment, "secrets"), creationPolicy: "Owner" },
      data: keys.map((key) => ({ secretKey: key, remoteRef: { key: named(deployment), property: key } })),
    },
  }];
}

/** What Prometheus' operator scrapes. */
export function serviceMonitor(deployment: Deployment, { serviceMonitor: wanted = false }: KubernetesOptions): readonly Yaml[] {
  if (!wanted || deployment.metricsPort === null) return [];
  const own = hasOwnMetrics(deployment);
  return [{
    apiVersion: "monitoring.coreos.com/v1", kind: "ServiceMonitor",
    metadata: { name: named(deployment), labels: labelsOf(deployment) },
    spec: {
      selector: { matchLabels: selectorOf(deployment) },
      endpoints: [{
        port: own ? "metrics" : "http", path: "/metrics", interval: "30s",
        ...(own ? {} : { authorization: { credentials: commented({ name: named(deployment, "secrets"), key: metricsToken(deployment) }, "The token that serve.metrics asks for.") } }),
      }],
    },
  }];
}

function metricsToken({ settings }: Deployment): string {
  const token = ((settings["serve"] as JsonObject)["metrics"] as JsonObject | undefined)?.["token"];
  return /^\$\{(?:env:|secret:)?([A-Za-z_][\w.-]*)\}$/.exec(String(Array.isArray(token) ? token[0] : token))?.[1] ?? "METRICS_TOKEN";
}

/** By how much waits in its queues (KEDA). One process takes the messages: so this is about none and one, and one more to take over. */
export function scaledObject(deployment: Deployment, { keda = false }: KubernetesOptions): readonly Yaml[] {
  const { queues, needsWorker, schedules, store } = deployment;
  if (!keda || queues.length === 0) return [];
  const rests = schedules.length === 0 && needsWorker.every((why) => why.startsWith("it takes messages of") || why === "it reads its event");
  return [{
    apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject",
    metadata: { name: named(deployment), labels: labelsOf(deployment) },
    spec: {
      scaleTargetRef: { name: named(deployment) },
      minReplicaCount: commented(rests ? 0 : 1, rests ? "Nothing but messages starts it, and no run of it waits. A run that is tried again, because a server was down, goes on with the next message." : "Something has to be there for what comes besides messages."),
      maxReplicaCount: commented(store.kind === "file" ? 1 : 2, store.kind === "file" ? "The store is a SQLite file: one process." : "One takes the messages, and the other one is there when it is gone. More would take no more."),
      cooldownPeriod: 600,
      triggers: queues.map(kedaTrigger),
    },
  }];
}

const YOURS = "Write yours: offstage.yaml has a reference here.";

function kedaTrigger({ name, settings }: DeployedQueue): Yaml {
  const text = (field: string, usual: string): Yaml => {
    const value = settings?.[field];
    return typeof value !== "string" ? usual : value.includes("${") ? commented(usual, YOURS) : value;
  };
  switch (settings?.["kind"]) {
    case "nats":
      return { type: "nats-jetstream", metadata: { natsServerMonitoringEndpoint: commented("nats.nats.svc.cluster.local:8222", "Where NATS is looked at: another port than that of its clients."), account: "$G", stream: text("stream", name), consumer: text("consumer", "offstage"), lagThreshold: "100" } };
    case "sqs":
      return { type: "aws-sqs-queue", metadata: { queueURL: text("url", `https://sqs.eu-central-1.amazonaws.com/123456789012/${name}`), awsRegion: text("region", /sqs\.([a-z0-9-]+)\./.exec(typeof settings["url"] === "string" ? settings["url"] : "")?.[1] ?? "eu-central-1"), queueLength: "100", identityOwner: "operator" } };
    case "pubsub":
      return { type: "gcp-pubsub", metadata: { subscriptionName: text("subscription", name), mode: "SubscriptionSize", value: "100" } };
    default:
      return { type: "redis-streams", metadata: { address: commented(address(settings?.["url"]), "Host and port."), stream: text("stream", name), consumerGroup: text("group", "offstage"), lagCount: "100" } };
  }
}

function address(url: unknown): string {
  return /^rediss?:\/\/(?:[^@/]*@)?([\w.-]+:\d+)/.exec(typeof url === "string" ? url : "")?.[1] ?? "redis.example.com:6379";
}
