import { profile } from "offstage";

/**
 * What `kubernetes-mcp-server` does not say about itself; written by running 0.0.67 against an API server that writes down what it is
 * asked, for its default tools (toolsets `core` and `config`). Without a type argument: a project may call the server what it likes.
 *
 * What to know besides: a tool without `namespace` looks into the context's own; lists of "all namespaces" are of that one alone where the
 * account may not list the others; most answers are tables or YAML in text. Its errors have no status, only the API server's words.
 */

// The API server's own words for a delete that it did not carry out: 404, 403, 422, right behind the server's. A webhook that failed
// (500) says "not found" too, of something else. In names and kinds there is only what Kubernetes allows, so no message can imitate it.
const notDeleted = (text: string) => /^failed to delete resource: [A-Za-z0-9.-]+ "[a-z0-9.:-]*" (?:not found$|is forbidden: |is invalid: )/.test(text);

const missing = (text: string) => /^failed to get (?:pod [a-z0-9.-]+ in namespace [a-z0-9-]*|resource): [a-z0-9.-]+ "[a-z0-9.:-]+" not found$/.test(text);

const reads = ["pods_get", "pods_list", "pods_list_in_namespace", "pods_log", "resources_get", "resources_list", "events_list"];

export default profile("kubernetes-mcp-server@0", {
  // Changes nothing, but answers with the account's tokens as they are, and a read is kept: it stays a write until a project says that it wants it.
  configuration_view: [{ effect: "write", idempotent: true }],
  namespaces_list: [{ effect: "read", consistent: true }],
  projects_list: [{ effect: "read", consistent: true }],
  events_list: [{ effect: "read" }],
  nodes_log: [{ effect: "read" }],
  nodes_stats_summary: [{ effect: "read" }],
  nodes_top: [{ effect: "read" }],
  pods_top: [{ effect: "read" }],
  pods_get: [{ effect: "read", consistent: true, gone: (r) => r.isError && missing(r.text) }],
  pods_list: [{ effect: "read", consistent: true }],
  pods_list_in_namespace: [{ effect: "read", consistent: true }],
  pods_log: [{ effect: "read" }],
  // Secrets come as they are, in text too, and a read is kept: reading one stays a write until a project says that it wants it.
  resources_get: [{ when: (a) => a.kind !== "Secret", effect: "read", consistent: true, gone: (r) => r.isError && missing(r.text) }],
  resources_list: [{ when: (a) => a.kind !== "Secret", effect: "read", consistent: true }],

  // Applied by the server, with force: the same text again changes nothing. Several documents in one text are several requests.
  resources_create_or_update: [{ effect: "write", idempotent: true, undo: "apply what was there", affects: reads }],
  resources_delete: [{ effect: "write", undo: "none", refused: (r) => notDeleted(r.text), affects: reads }],
  // Without `scale` it only says what it is.
  resources_scale: [
    { when: (a) => a.scale === undefined, effect: "read", consistent: true },
    { effect: "write", idempotent: true, undo: "scale back", affects: reads },
  ],
  // Also removes the service and the route that pods_run may have made: several requests.
  pods_delete: [{ effect: "write", undo: "none", affects: reads }],
  // Without `name` each call makes a pod of another name.
  pods_run: [{ effect: "write", undo: "delete the pod", idempotent: (a) => a.name !== undefined, affects: reads }],
  // Runs a command in the pod: anything.
  pods_exec: [{ effect: "write", undo: "none", affects: reads }],
});
