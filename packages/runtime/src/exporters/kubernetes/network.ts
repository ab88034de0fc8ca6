import { commented, type Deployment, type Yaml } from "../../bundle/index.ts";
import { labelsOf, named, selectorOf } from "./names.ts";
import type { KubernetesOptions } from "./options.ts";
import { hasOwnMetrics } from "./worker.ts";

/** Where others find it. */
export function service(deployment: Deployment): Yaml {
  return {
    apiVersion: "v1", kind: "Service",
    metadata: { name: named(deployment), labels: labelsOf(deployment) },
    spec: {
      selector: selectorOf(deployment),
      ports: [{ name: "http", port: 80, targetPort: "http" }, ...(hasOwnMetrics(deployment) ? [{ name: "metrics", port: deployment.metricsPort, targetPort: "metrics" }] : [])],
    },
  };
}

/** Only what others are to reach: not health, not metrics. */
export function ingress(deployment: Deployment, { host }: KubernetesOptions): readonly Yaml[] {
  const { paths } = deployment;
  if (paths.length === 0) return [];
  const shown = host ?? `${named(deployment)}.example.com`;
  const backend = { service: { name: named(deployment), port: { name: "http" } } };
  return [{
    apiVersion: "networking.k8s.io/v1", kind: "Ingress",
    metadata: { name: named(deployment), labels: labelsOf(deployment) },
    spec: {
      ingressClassName: commented("nginx", "Yours may be another one; the NetworkPolicy names its namespace."),
      tls: [{ hosts: [shown], secretName: commented(named(deployment, "tls"), "Signatures prove who sent a delivery, and hide nothing of it. Make it, or let cert-manager do so.") }],
      rules: [{ host: host === undefined ? commented(shown, "Write your own.") : shown, http: { paths: paths.map((path) => ({ path, pathType: path.startsWith("/webhooks/") ? "Exact" : "Prefix", backend })) } }],
    },
  }];
}

/** Who may speak to it, and to whom it may speak. */
export function networkPolicy(deployment: Deployment, { jobs = false }: KubernetesOptions): Yaml {
  const from = (namespace: string, port: string): Yaml => ({ from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }], ports: [{ protocol: "TCP", port }] });
  const incoming = jobs ? [] : [...(deployment.paths.length === 0 ? [] : [from("ingress-nginx", "http")]), ...(deployment.metricsPort === null ? [] : [from("monitoring", hasOwnMetrics(deployment) ? "metrics" : "http")])];
  return {
    apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy",
    metadata: { name: named(deployment), labels: labelsOf(deployment) },
    spec: {
      podSelector: { matchLabels: selectorOf(deployment) },
      policyTypes: ["Ingress", "Egress"],
      ingress: commented(incoming, incoming.length === 0 ? "Nobody. The kubelet's probes are let through by every network." : "The namespaces are the usual ones: write yours. The kubelet's probes are let through by every network."),
      egress: [
        commented({ to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }], ports: [{ protocol: "UDP", port: 53 }, { protocol: "TCP", port: 53 }] }, "Names."),
        commented({ to: [{ ipBlock: { cidr: "0.0.0.0/0", ...(usesMachineRole(deployment) ? {} : { except: ["169.254.169.254/32"] }) } }], ports: deployment.reaches.map((port) => ({ protocol: "TCP", port })) },
          `Servers, models, and where it keeps things, by the ports that mcp.json and offstage.yaml name: add one where a variable has another.${usesMachineRole(deployment) ? "" : " Not the cloud's keys of this machine."} Narrow it to your networks.`),
      ],
    },
  };
}

/** Clouds' clients without keys of their own ask the machine for some. */
function usesMachineRole({ queues }: Deployment): boolean {
  return queues.some(({ settings }) => (settings?.["kind"] === "sqs" && settings["accessKeyId"] === undefined) || (settings?.["kind"] === "pubsub" && settings["credentials"] === undefined));
}
