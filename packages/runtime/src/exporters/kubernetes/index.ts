export { exportKubernetes } from "./export-kubernetes.ts";
export type { KubernetesOptions } from "./options.ts";
