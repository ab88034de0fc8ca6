import { type BundleFile, changesParagraphs, commented, containerSettingsText, type Deployment, dockerFiles, missingLine, missingParagraphs, requireOwnNames, type Yaml, yamlText, headText } from "../../bundle/index.ts";
import { pythonGoogleFunction } from "./python-function.ts";
import { requireFunction, secretNames } from "./requirements.ts";
import { googleFunction, WAKE_SCRIPT } from "./wake-script.ts";
import { wakeTimes } from "./wake-times.ts";

const TARGET = "Google Cloud Run";

/**
 * A workflow on Google Cloud Run: as a service that is always there (`service.yaml`), or as a function that Cloud Scheduler wakes (`app/function.mjs`, `app/main.py`). Errors:
 * `EXPORT_REFUSED` without PostgreSQL or with secrets in files.
 */
export function exportCloudRun(deployment: Deployment): readonly BundleFile[] {
  requireFunction(deployment, TARGET);
  requireOwnNames(TARGET, secretNames(deployment).map((secret) => ({ what: secret, name: secretOf(deployment.name, secret) })));
  return [
    { path: "service.yaml", content: yamlText(service(deployment)) },
    ...(deployment.language === "python" ? [...dockerFiles(deployment), ...pythonGoogleFunction(deployment)] : nodeFiles(deployment)),
    { path: "README.md", content: readmeText(deployment) },
  ];
}

function nodeFiles(deployment: Deployment): readonly BundleFile[] {
  return [
    ...dockerFiles(deployment).map((file) => (file.path === "Dockerfile" ? { ...file, content: withSettings(String(file.content)) } : file)),
    { path: "app/function.mjs", content: googleFunction(deployment.commands.serve) },
    { path: "app/wake.mjs", content: WAKE_SCRIPT },
    { path: "app/offstage.function.yaml", content: containerSettingsText(deployment) },
  ];
}

function withSettings(dockerfile: string): string {
  return dockerfile.replace("\nENV HOME=/tmp\n", "\nENV HOME=/tmp\nCOPY app/offstage.function.yaml /app/offstage.yaml\n");
}

function service(deployment: Deployment): Yaml {
  const { name, image, port, memory, commands } = deployment;
  const plain = deployment.needs.variables.filter(({ secret }) => !secret);
  return commented({
    apiVersion: "serving.knative.dev/v1", kind: "Service",
    metadata: { name: name.slice(0, 49).replace(/-+$/, ""), annotations: { "run.googleapis.com/ingress": deployment.paths.length === 0 ? "internal" : "all" } },
    spec: {
      template: {
        metadata: {
          annotations: commented({
            "autoscaling.knative.dev/minScale": "1",
            "autoscaling.knative.dev/maxScale": "2",
            "run.googleapis.com/cpu-throttling": "false",
            "run.googleapis.com/execution-environment": "gen2",
          }, "Always one, with its processor also between requests: it runs schedules and what waits. Two share the store in PostgreSQL."),
        },
        spec: {
          containerConcurrency: 80,
          timeoutSeconds: 60,
          containers: [{
            image: commented(image, "In your Artifact Registry."), args: commands.serve,
            ports: [{ name: "http1", containerPort: port }],
            env: [
              ...plain.map(({ name: variable, fallback, place }) => commented({ name: variable, value: fallback ?? "" }, place)),
              ...secretNames(deployment).map((secret) => ({ name: secret, valueFrom: { secretKeyRef: { name: secretOf(name, secret), key: "latest" } } })),
            ],
            resources: { limits: { cpu: "1", memory: `${Math.max(512, memory.usual * 2)}Mi` } },
            startupProbe: { httpGet: { path: "/healthz", port }, periodSeconds: 2, failureThreshold: 90, timeoutSeconds: 1 },
            livenessProbe: { httpGet: { path: "/healthz", port }, periodSeconds: 15, timeoutSeconds: 5 },
          }],
        },
      },
    },
  }, `gcloud run services replace service.yaml (README.md says what has to be there before).`);
}

/** One secret of Secret Manager for each. */
function secretOf(name: string, secret: string): string {
  return `${name}-${secret}`.toLowerCase().replaceAll("_", "-");
}

function readmeText(deployment: Deployment): string {
  const { name, description, image, paths } = deployment;
  const times = wakeTimes(deployment);
  const [file, base, settings] = deployment.language === "python" ? ["main.py", "python313", `app/${deployment.settingsFile}`] : ["function.mjs", "nodejs24", "app/offstage.function.yaml"];
  return `${headText(`${name} on Google Cloud Run`, description)}
\`\`\`sh
${secretNames(deployment).map((secret) => `gcloud secrets create ${secretOf(name, secret)} --data-file=-\n`).join("")}docker build --tag ${image} . && docker push ${image}
${missingLine(deployment, settings)}gcloud run services replace service.yaml
\`\`\`

${[
    "The service is always there: it runs its schedules, takes deliveries, and goes on with what waits. Its store is in PostgreSQL: a container has no disk that lasts, and a run that does not know what was written writes it again.",
    paths.length === 0 ? "Nobody has to reach it: leave it to the project's own network." : `Others reach ${paths.map((path) => `\`${path}\``).join(", ")}: let everybody call the service (\`gcloud run services add-iam-policy-binding … --member=allUsers --role=roles/run.invoker\`); a delivery is proved by its signature, and all else by a token.`,
    `Where it is to cost nothing in between, deploy the function in its place, never both: \`app/${file}\` (\`gcloud run deploy ${name} --source app --function wake --base-image ${base} --set-build-env-vars GOOGLE_FUNCTION_SOURCE=${file} --concurrency 1 --max-instances 2 --timeout 600\`, with \`--set-secrets\` and \`--set-env-vars\` as in \`service.yaml\`), and Cloud Scheduler that wakes it at ${times.map(({ cron, timeZone }) => `\`${cron}\` (${timeZone})`).join(", ")} by POST to \`/wake\`.`,
    ...changesParagraphs(deployment, settings),
    ...missingParagraphs(deployment, settings),
  ].join("\n\n")}
`;
}
