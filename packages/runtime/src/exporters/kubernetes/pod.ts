import { APP, commented, type Deployment, USER, type Yaml } from "../../bundle/index.ts";
import { keyOfFile, labelsOf, named } from "./names.ts";

/** Where Offstage looks for `${secret:NAME}`, and where a mount is swapped when the Secret changes. */
const SECRETS = "/run/secrets";

/** How a pod of the deployment differs from another one. */
export interface PodKind {
  readonly container: string;
  readonly args: readonly string[];
  /** In the entry point's place. */
  readonly command?: readonly string[];
  readonly restartPolicy?: "Never";
  /** Of the container: probes, ports. */
  readonly more?: { readonly [key: string]: Yaml };
  /** Of the pod. */
  readonly around?: { readonly [key: string]: Yaml };
}

/** The template of a pod: restricted as the Pod Security Standards have it, with a root that nobody writes to. */
export function podTemplate(deployment: Deployment, { container, args, command, restartPolicy, more = {}, around = {} }: PodKind): Yaml {
  return {
    metadata: { labels: labelsOf(deployment) },
    spec: {
      ...(restartPolicy === undefined ? {} : { restartPolicy }),
      serviceAccountName: named(deployment),
      automountServiceAccountToken: commented(false, "Nothing in it speaks to Kubernetes."),
      enableServiceLinks: false,
      terminationGracePeriodSeconds: commented(deployment.graceSeconds, "It ends what goes on in 25 s, and leaves what takes longer to the next one; then its servers are ended."),
      securityContext: { runAsNonRoot: true, runAsUser: USER, runAsGroup: USER, fsGroup: USER, fsGroupChangePolicy: "OnRootMismatch", seccompProfile: { type: "RuntimeDefault" } },
      ...around,
      containers: [{
        name: container, image: deployment.image, ...(isMoved(deployment.image) ? {} : { imagePullPolicy: "IfNotPresent" }),
        ...(command === undefined ? {} : { command }), args,
        ...environment(deployment),
        ...more,
        resources: {
          requests: { cpu: "100m", memory: `${deployment.memory.usual}Mi`, "ephemeral-storage": "64Mi" },
          limits: commented({ memory: `${deployment.memory.most}Mi`, "ephemeral-storage": "1Gi" }, "Of memory and disk only: what is slow is not wrong."),
        },
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
        volumeMounts: mounts(deployment),
      }],
      volumes: volumes(deployment),
    },
  };
}

/** Whether its tag is moved to what was built last: that one is asked for at every start, as Kubernetes does by itself. */
function isMoved(image: string): boolean {
  return image.endsWith(":latest") || !/:[^/]+$/.test(image);
}

/** Variables: what is no secret from the ConfigMap, each secret by its own reference, so that the pod does not start where one is missing. */
function environment(deployment: Deployment): { readonly [key: string]: Yaml } {
  const { variables } = deployment.needs;
  const secrets = variables.filter(({ secret }) => secret).map(({ name, fallback, place }) => commented({ name, valueFrom: { secretKeyRef: { name: named(deployment, "secrets"), key: name, ...(fallback === null ? {} : { optional: true }) } } }, place));
  return { envFrom: [{ configMapRef: { name: named(deployment, "environment") } }], ...(secrets.length === 0 ? {} : { env: secrets }) };
}

interface SecretFile {
  readonly key: string;
  readonly path: string;
}

/** `${secret:NAME}`, and what of `${file:…}` lies below `/run/secrets`: one mount, in which a changed Secret is noticed. */
export function swappedFiles({ needs }: Pick<Deployment, "needs">): readonly SecretFile[] {
  const files = needs.files.filter(({ path }) => path.startsWith(`${SECRETS}/`)).map(({ path }) => ({ key: keyOfFile(path.slice(SECRETS.length)), path: path.slice(SECRETS.length + 1) }));
  return [...new Map([...needs.secrets.map(({ name }) => ({ key: name, path: name })), ...files].map((file) => [file.path, file])).values()];
}

/** Files elsewhere: mounted one by one, and as they were when the pod began. */
export function singleFiles({ needs }: Pick<Deployment, "needs">): readonly SecretFile[] {
  return needs.files.filter(({ path }) => !path.startsWith(`${SECRETS}/`)).map(({ path }) => ({ key: keyOfFile(path), path: path.startsWith("/") ? path : `${APP}/${path}` }));
}

function mounts(deployment: Deployment): readonly Yaml[] {
  return [
    { name: "store", mountPath: `${APP}/.offstage` },
    { name: "tmp", mountPath: "/tmp" },
    { name: "settings", mountPath: `${APP}/${deployment.settingsFile}`, subPath: deployment.settingsFile, readOnly: true },
    ...(swappedFiles(deployment).length === 0 ? [] : [{ name: "secrets", mountPath: SECRETS, readOnly: true }]),
    ...singleFiles(deployment).map(({ key, path }) => commented({ name: "files", mountPath: path, subPath: key, readOnly: true }, "Mounted by itself: a changed one counts when the pod starts anew. Below /run/secrets it would count at once.")),
  ];
}

function volumes(deployment: Deployment): readonly Yaml[] {
  const [swapped, single] = [swappedFiles(deployment), singleFiles(deployment)];
  const store = deployment.store.kind === "file" ? { name: "store", persistentVolumeClaim: { claimName: named(deployment, "store") } } : commented({ name: "store", emptyDir: { sizeLimit: "256Mi" } }, "Logs. The store is in PostgreSQL.");
  return [
    store,
    { name: "tmp", emptyDir: { sizeLimit: "512Mi" } },
    { name: "settings", configMap: { name: named(deployment, "settings") } },
    ...(swapped.length === 0 ? [] : [secretVolume(deployment, "secrets", swapped.map(({ key, path }) => ({ key, path })))]),
    ...(single.length === 0 ? [] : [secretVolume(deployment, "files", single.map(({ key }) => ({ key, path: key })))]),
  ];
}

function secretVolume(deployment: Deployment, name: string, items: readonly { readonly key: string; readonly path: string }[]): Yaml {
  return { name, secret: { secretName: named(deployment, "secrets"), defaultMode: commented(0o440, "0440, in decimal: read by the process and its group."), items } };
}
