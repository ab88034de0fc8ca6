import { changesParagraphs, type Deployment, missingLine, missingParagraphs, headText } from "../../bundle/index.ts";
import { secretKeys } from "./custom-resources.ts";
import { named } from "./names.ts";
import type { KubernetesOptions } from "./options.ts";

/** `README.md` beside the manifests: in which order, and what a person has to give. */
export function readmeText(deployment: Deployment, { jobs = false, secretStore }: KubernetesOptions): string {
  const { name, description, image, store, commands, paths } = deployment;
  const namespace = named(deployment);
  const keys = secretKeys(deployment);
  const blanks = deployment.needs.variables.filter(({ secret, fallback }) => !secret && fallback === null).map((variable) => `\`${variable.name}\``);
  return `${headText(`${name} on Kubernetes`, description)}
\`\`\`sh
docker build --tag ${image} . && docker push ${image}
kubectl apply --filename kubernetes/namespace.yaml
${keys.length === 0 || secretStore !== undefined ? "" : `cp --no-clobber secrets.env.example secrets.env && \${EDITOR:-vi} secrets.env   # what is blank there\nkubectl --namespace ${namespace} create secret generic ${named(deployment, "secrets")} --from-env-file=secrets.env\n`}${blanks.length === 0 ? "" : "${EDITOR:-vi} kubernetes/environment.env   # what is blank there\n"}${missingLine(deployment, `kubernetes/${deployment.settingsFile}`)}kubectl apply -k kubernetes
kubectl --namespace ${namespace} logs ${jobs ? `job/<the job>` : `deployment/${namespace}`} --follow
\`\`\`

${[
    `The image's name stands in \`kubernetes/kustomization.yaml\`${blanks.length === 0 ? "" : `; fill in ${blanks.join(", ")} in \`kubernetes/environment.env\``}. \`kubernetes/${deployment.settingsFile}\` has the policy, the limits and all other settings: after an edit \`kubectl apply -k\` ${jobs ? "gives it to the next Job" : "replaces the pods"}.`,
    keys.length === 0 ? "It needs no secrets." : `Secrets are references: the Secret \`${named(deployment, "secrets")}\` has ${keys.map((key) => `\`${key}\``).join(", ")}${secretStore === undefined ? ", and you make it" : `, from \`${secretStore}\``}. Keep \`secrets.env\` out of every repository.`,
    store.kind === "file" ? "The store is a SQLite file on a volume of its own, so there is one process. The volume is what has to be backed up: it knows what was written already." : `The store is in PostgreSQL${store.variable === null ? "" : `, at the URL in \`${store.variable}\``}: the database is what has to be backed up.`,
    jobs ? "Schedules are CronJobs, and nothing runs between them." : `A worker runs its schedules${paths.length === 0 ? "" : `, takes deliveries at ${paths.map((path) => `\`${path}\``).join(", ")} (TLS is the Ingress's matter)`}, and goes on with what waits. No CronJob is beside it: both would start every run twice.`,
    ...changesParagraphs(deployment, `kubernetes/${deployment.settingsFile}`),
    ...missingParagraphs(deployment, `kubernetes/${deployment.settingsFile}`),
  ].join("\n\n")}

${jobs ? "" : `A person answers, looks and pauses by \`kubectl --namespace ${namespace} exec deployment/${namespace} -- ${commands.plan[0] === "node" ? "node main.ts" : commands.serve.slice(0, commands.serve.indexOf("serve")).join(" ")} approve\`, \`… runs\`, \`… pause all\`.

`}Exit codes: 0 fine, 1 failed or partial, 2 usage, 4 waiting for a person.
`;
}
