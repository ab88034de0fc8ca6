/** What the workflow does not say. */
export interface KubernetesOptions {
  /** CronJobs in the worker's place. */
  readonly jobs?: boolean;
  /** Under which others reach it. */
  readonly host?: string;
  /** The ClusterSecretStore from which External Secrets takes the Secret; absent: somebody makes it. */
  readonly secretStore?: string;
  /** A ScaledObject of KEDA, by its queues. */
  readonly keda?: boolean;
  /** A ServiceMonitor of the Prometheus Operator. */
  readonly serviceMonitor?: boolean;
}
