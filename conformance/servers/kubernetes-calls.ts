import type { ProvenCall } from "./prove-profile.ts";

const named = (kind: string, name: string, more: object = {}): object => ({ apiVersion: kind === "Deployment" ? "apps/v1" : "v1", kind, name, namespace: "default", ...more });

/** Every default tool of kubernetes-mcp-server against a small API server that fails as it is told. */
export function kubernetesCalls(): readonly ProvenCall[] {
  const read = (tool: string, args: object = {}): ProvenCall => ({ tool, args, is: "read" });
  const yaml = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: default\n`;
  return [
    ...["namespaces_list", "projects_list", "events_list", "nodes_top", "pods_top", "pods_list"].map((tool) => read(tool)),
    read("nodes_log", { name: "n", query: "kubelet" }), read("nodes_stats_summary", { name: "n" }), read("pods_list_in_namespace", { namespace: "default" }),
    read("pods_get", { name: "web", namespace: "default" }), read("pods_log", { name: "web", namespace: "default" }),
    read("resources_get", named("ConfigMap", "cm")), read("resources_list", { apiVersion: "v1", kind: "ConfigMap" }), read("resources_scale", named("Deployment", "web")),
    { tool: "resources_list", args: { apiVersion: "v1", kind: "Secret" }, is: "open" },
    { tool: "resources_get", args: named("Secret", "none"), is: "open" },
    { tool: "configuration_view", args: {}, is: "written" },
    { tool: "pods_get", args: { name: "none", namespace: "default" }, is: "gone" },
    { tool: "resources_get", args: named("ConfigMap", "none"), is: "gone" },
    ...["s403", "s404", "s422"].map((name): ProvenCall => ({ tool: "resources_delete", args: named("ConfigMap", name), is: "refused" })),
    ...["s409", "s500", "s503", "drop"].map((name): ProvenCall => ({ tool: "resources_delete", args: named("ConfigMap", name), is: "open" })),
    ...["s403", "s500", "drop"].flatMap((name): readonly ProvenCall[] => [
      { tool: "resources_create_or_update", args: { resource: yaml(name) }, is: "open" },
      { tool: "pods_run", args: { name, image: "i", namespace: "default" }, is: "open" },
    ]),
    { tool: "resources_scale", args: named("Deployment", "web", { scale: 3 }), is: "open" },
    { tool: "pods_delete", args: { name: "web", namespace: "default" }, is: "open" },
    { tool: "pods_exec", args: { name: "web", namespace: "default", command: ["true"] }, is: "open" },
  ];
}

/** What the API server says of a request that it did not carry out, as Kubernetes does; of the others something of its own. */
export function kubernetesMessage(status: number, path: string): object {
  const [resource = "", name = ""] = path.split("/").slice(-2);
  const words: Readonly<Record<number, readonly [reason: string, message: string]>> = {
    403: ["Forbidden", `${resource} "${name}" is forbidden: User "u" cannot do this`],
    404: ["NotFound", `${resource} "${name}" not found`],
    422: ["Invalid", `ConfigMap "${name}" is invalid: metadata.name: no`],
    500: ["InternalError", `Internal error occurred: failed calling webhook "a.b": service "c" not found`],
  };
  const [reason, message] = words[status] ?? ["Unknown", "the server could not do it"];
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", code: status, reason, message };
}

const kinds = (groupVersion: string, resources: readonly (readonly [name: string, kind: string, namespaced: boolean])[]): object =>
  ({ kind: "APIResourceList", groupVersion, resources: resources.map(([name, kind, namespaced]) => ({ name, singularName: "", kind, namespaced, verbs: ["get", "list", "create", "patch", "delete"] })) });
const list = (kind: string, items: readonly object[] = []): object => ({ kind, apiVersion: "v1", metadata: { resourceVersion: "1" }, items });
const one = (kind: string, name: string, more: object = {}): object => ({ kind, apiVersion: "v1", metadata: { name, namespace: "default", uid: "u", resourceVersion: "1" }, ...more });
const POD = one("Pod", "web", { spec: { containers: [{ name: "c", image: "i" }] }, status: { phase: "Running" } });

const THERE: Readonly<Record<string, unknown>> = {
  "/api": { kind: "APIVersions", versions: ["v1"] },
  "/apis": { kind: "APIGroupList", apiVersion: "v1", groups: [{ name: "apps", versions: [{ groupVersion: "apps/v1", version: "v1" }], preferredVersion: { groupVersion: "apps/v1", version: "v1" } }] },
  "/api/v1": kinds("v1", [["pods", "Pod", true], ["configmaps", "ConfigMap", true], ["secrets", "Secret", true], ["events", "Event", true], ["namespaces", "Namespace", false], ["nodes", "Node", false]]),
  "/apis/apps/v1": kinds("apps/v1", [["deployments", "Deployment", true], ["deployments/scale", "Scale", true]]),
  "/api/v1/namespaces": list("NamespaceList"),
  "/api/v1/namespaces/default/pods": list("PodList", [POD]),
  "/api/v1/namespaces/default/pods/web": POD,
  "/api/v1/namespaces/default/configmaps": list("ConfigMapList", [one("ConfigMap", "cm", { data: { a: "b" } })]),
  "/api/v1/namespaces/default/configmaps/cm": one("ConfigMap", "cm", { data: { a: "b" } }),
  "/apis/apps/v1/namespaces/default/deployments/web/scale": { kind: "Scale", apiVersion: "autoscaling/v1", metadata: { name: "web", namespace: "default", resourceVersion: "1" }, spec: { replicas: 2 }, status: { replicas: 2 } },
};

/** One pod, one map, one deployment. */
export function kubernetesReads(path: string): unknown {
  return THERE[path];
}
