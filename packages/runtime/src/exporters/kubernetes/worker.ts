import { commented, type Deployment, type Yaml } from "../../bundle/index.ts";
import { labelsOf, named, selectorOf } from "./names.ts";
import type { KubernetesOptions } from "./options.ts";
import { podTemplate } from "./pod.ts";

const ONE_REPLICA = `One replica, and the old one ends before the new one starts: the store is a SQLite file, which one process has at a time. A second one would wait for its volume, and a rolling update for both. What is due meanwhile is made up for at the start; what a sender could not deliver it sends again. Give the store to PostgreSQL (\`--store postgres\`) to have more.`;

const MORE_REPLICAS = `They share the store in PostgreSQL. One of them drives the runs, schedules and queues; the others take deliveries, and the next one drives when it is gone: within 15 seconds.`;

/** The long-running process: schedules, webhooks, queues, and what goes on with parked runs. */
export function worker(deployment: Deployment, options: KubernetesOptions): Yaml {
  const single = deployment.store.kind === "file";
  const scaled = isScaled(deployment, options);
  return {
    apiVersion: "apps/v1", kind: "Deployment",
    metadata: { name: named(deployment), labels: labelsOf(deployment) },
    spec: {
      ...(scaled ? {} : { replicas: commented(single ? 1 : 2, single ? ONE_REPLICA : MORE_REPLICAS) }),
      revisionHistoryLimit: 5,
      strategy: single ? { type: "Recreate" } : commented({ type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }, scaled ? MORE_REPLICAS : "A run that goes on while versions change keeps its Program."),
      selector: { matchLabels: selectorOf(deployment) },
      template: podTemplate(deployment, {
        container: "worker", args: deployment.commands.serve,
        more: {
          ports: [{ name: "http", containerPort: deployment.port }, ...(hasOwnMetrics(deployment) ? [{ name: "metrics", containerPort: deployment.metricsPort }] : [])],
          ...probes(),
          ...(single || deployment.paths.length === 0 ? {} : { lifecycle: commented({ preStop: { sleep: { seconds: 5 } } }, "Whoever balances has to hear that it goes before it does.") }),
        },
        ...(single ? {} : { around: { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", labelSelector: { matchLabels: selectorOf(deployment) } }] } }),
      }),
    },
  };
}

/** Metrics at a port of their own; else they are at that of everything. */
export function hasOwnMetrics({ metricsPort, port }: Deployment): boolean {
  return metricsPort !== null && metricsPort !== port;
}

/** Somebody else says how many there are. */
export function isScaled(deployment: Deployment, { keda = false }: KubernetesOptions): boolean {
  return (keda && deployment.queues.length > 0) || hasAutoscaler(deployment);
}

/** More than one makes sense where deliveries are taken, which every one does. */
function hasAutoscaler({ store, paths }: Deployment): boolean {
  return store.kind === "postgres" && paths.length > 0;
}

/** None of these asks another system: a server that is down is no reason to start anew. */
function probes(): { readonly [name: string]: Yaml } {
  const get = (path: string): Yaml => ({ httpGet: { path, port: "http" } });
  return {
    startupProbe: commented({ ...(get("/healthz") as object), periodSeconds: 2, failureThreshold: 90 }, "The address is opened when all workflows have been checked."),
    livenessProbe: commented({ ...(get("/healthz") as object), periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 3 }, "503 when it has been stuck for a minute."),
    readinessProbe: commented({ ...(get("/readyz") as object), periodSeconds: 5, timeoutSeconds: 5 }, "503 while the store does not answer, and while it stops."),
  };
}

/** What keeps a drain of several nodes from ending all at once. */
export function disruptionBudget(deployment: Deployment): Yaml {
  const why = deployment.store.kind === "file" ? "There is one: a drain may end it, and where it starts next the runs go on. With less allowed, no node could be drained." : "At least one stays.";
  return {
    apiVersion: "policy/v1", kind: "PodDisruptionBudget",
    metadata: { name: named(deployment), labels: labelsOf(deployment) },
    spec: { maxUnavailable: commented(1, why), unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels: selectorOf(deployment) } },
  };
}

/** Only where more than one makes sense; with KEDA, which makes one itself, none of ours. */
export function autoscaler(deployment: Deployment, options: KubernetesOptions): readonly Yaml[] {
  if (!hasAutoscaler(deployment) || (options.keda === true && deployment.queues.length > 0)) return [];
  return [commented({
    apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler",
    metadata: { name: named(deployment), labels: labelsOf(deployment) },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: named(deployment) },
      minReplicas: 2, maxReplicas: 4,
      metrics: [{ type: "Resource", resource: { name: "cpu", target: { type: "AverageValue", averageValue: "500m" } } }],
      behavior: { scaleDown: { stabilizationWindowSeconds: 600 } },
    },
  }, "More of them take more deliveries. Runs are driven by one of them, however many there are.")];
}
