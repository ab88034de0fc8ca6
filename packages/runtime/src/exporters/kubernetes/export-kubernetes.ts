import { OffstageError } from "../../base/index.ts";
import { type BundleFile, commented, containerSettingsText, type Deployment, dockerFiles, environmentText, requireOwnNames, secretsForm, type Yaml, yamlDocuments, yamlText } from "../../bundle/index.ts";
import { externalSecret, keptSecrets, scaledObject, secretKeys, serviceMonitor } from "./custom-resources.ts";
import { cronJobs } from "./jobs.ts";
import { labelsOf, named } from "./names.ts";
import { ingress, networkPolicy, service } from "./network.ts";
import type { KubernetesOptions } from "./options.ts";
import { readmeText } from "./readme.ts";
import { autoscaler, disruptionBudget, worker } from "./worker.ts";

const FOLDER = "kubernetes";

/**
 * A workflow on Kubernetes: manifests with a kustomization, and the Dockerfile of the image that they run. The project or package itself lies in `app/` beside them.
 * Errors: `EXPORT_REFUSED` for CronJobs of a workflow that needs a worker, and for what it has nothing for: metrics, queues.
 */
export function exportKubernetes(given: Deployment, options: KubernetesOptions = {}): readonly BundleFile[] {
  const deployment = options.jobs === true ? { ...given, needs: given.runNeeds } : given;
  refuseEmpty(deployment, options);
  requireOwnNames("Kubernetes", keptSecrets(deployment));
  const manifests = manifestsOf(deployment, options);
  const keys = secretKeys(deployment);
  return [
    ...dockerFiles(deployment),
    { path: "README.md", content: readmeText(deployment, options) },
    ...(keys.length === 0 || options.secretStore !== undefined ? [] : [{ path: "secrets.env.example", content: secretsForm(deployment, keys) }]),
    { path: `${FOLDER}/kustomization.yaml`, content: yamlText(kustomization(deployment, manifests.map(([file]) => file))) },
    { path: `${FOLDER}/environment.env`, content: environmentText(deployment) },
    { path: `${FOLDER}/${deployment.settingsFile}`, content: containerSettingsText(deployment) },
    ...manifests.map(([file, documents]) => ({ path: `${FOLDER}/${file}`, content: yamlDocuments(documents) })),
  ];
}

/** Whoever asks for a manifest gets it, or hears why not. */
function refuseEmpty({ name, language, queues, paths, metricsPort }: Deployment, { keda, serviceMonitor: monitored, host, jobs }: KubernetesOptions): void {
  const refused = (why: string, option: string): OffstageError => new OffstageError("EXPORT_REFUSED", `${name} ${why}.`, { hint: `Leave --${option} away.` });
  if (keda === true && queues.length === 0) throw refused("takes no messages, by which KEDA could scale it", "keda");
  if (monitored === true && (jobs === true || language === "python")) throw refused(`tells no metrics ${jobs === true ? "as CronJobs" : "as a package of Python"}`, "service-monitor");
  if (monitored === true && metricsPort === null) throw new OffstageError("EXPORT_REFUSED", `${name} tells no metrics.`, { hint: "Write `serve: { metrics: true }` into offstage.yaml, or leave --service-monitor away." });
  if (host !== undefined && (jobs === true || paths.length === 0)) throw refused("has nothing that others reach under a name", "host");
}

/** The files of manifests, and what is in each; none is empty. */
function manifestsOf(deployment: Deployment, options: KubernetesOptions): readonly (readonly [file: string, documents: readonly Yaml[]])[] {
  const { jobs = false } = options;
  const files: readonly (readonly [string, readonly Yaml[]])[] = [
    ["namespace.yaml", [namespace(deployment)]],
    ["service-account.yaml", [serviceAccount(deployment)]],
    ["store.yaml", deployment.store.kind === "file" ? [volumeClaim(deployment)] : []],
    ["deployment.yaml", jobs ? [] : [worker(deployment, options)]],
    ["cron-jobs.yaml", jobs ? cronJobs(deployment) : []],
    ["service.yaml", jobs ? [] : [service(deployment), ...ingress(deployment, options)]],
    ["network-policy.yaml", [networkPolicy(deployment, options)]],
    ["disruption-budget.yaml", jobs ? [] : [disruptionBudget(deployment)]],
    ["autoscaler.yaml", jobs ? [] : [...autoscaler(deployment, options), ...scaledObject(deployment, options)]],
    ["external-secret.yaml", externalSecret(deployment, options)],
    ["service-monitor.yaml", jobs ? [] : serviceMonitor(deployment, options)],
  ];
  return files.filter(([, documents]) => documents.length > 0);
}

function kustomization(deployment: Deployment, files: readonly string[]): Yaml {
  return commented({
    apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization",
    namespace: named(deployment),
    resources: files,
    configMapGenerator: commented([
      { name: named(deployment, "settings"), files: [deployment.settingsFile] },
      { name: named(deployment, "environment"), envs: ["environment.env"] },
    ], `Their names end with a hash of what they hold: an edit of ${deployment.settingsFile} or environment.env replaces the pods that read it.\nWorkflow, mcp.json and lock are in the image, since they belong together.`),
    images: commented([{ name: imageName(deployment.image), newTag: imageTag(deployment.image) }], "`kustomize edit set image` writes the one that was built."),
  }, `${deployment.name}: kubectl apply -k . (README.md says what has to be there before).`);
}

function imageName(image: string): string {
  return image.replace(/(?::[\w.-]+)?(?:@.*)?$/, "");
}

function imageTag(image: string): string {
  return /:([\w.-]+)$/.exec(image)?.[1] ?? "latest";
}

function namespace(deployment: Deployment): Yaml {
  const level = "restricted";
  return {
    apiVersion: "v1", kind: "Namespace",
    metadata: { name: named(deployment), labels: commented({ "pod-security.kubernetes.io/enforce": level, "pod-security.kubernetes.io/warn": level, "pod-security.kubernetes.io/audit": level }, "Nothing in it needs more.") },
  };
}

function serviceAccount(deployment: Deployment): Yaml {
  return commented({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: named(deployment), labels: labelsOf(deployment) }, automountServiceAccountToken: false }, "It may nothing, and has no token: no role is bound to it.");
}

function volumeClaim(deployment: Deployment): Yaml {
  return {
    apiVersion: "v1", kind: "PersistentVolumeClaim",
    metadata: { name: named(deployment, "store"), labels: labelsOf(deployment), annotations: commented({ "argocd.argoproj.io/sync-options": "Prune=false,Delete=false" }, "The store knows what was written already: whoever deletes it has it written again.") },
    spec: {
      accessModes: commented(["ReadWriteOncePod"], "Of one pod at a time, also on one node: two processes of two pods would not see each other's locks on every file system.\nIt needs a CSI driver; where there is none, ReadWriteOnce on a disk that is no network's."),
      resources: { requests: { storage: "5Gi" } },
    },
  };
}
