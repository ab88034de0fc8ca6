import { APP, blankFiles, type BundleFile, changesParagraphs, commented, containerSettingsText, type Deployment, dockerFiles, environmentText, missingLine, missingParagraphs, requireOwnNames, secretsForm, secretVariables, USER, type Yaml, yamlText, headText } from "../../bundle/index.ts";

const SECRETS = "/run/secrets";

/** A workflow on one machine with Docker: `compose.yaml`, and the Dockerfile of the image. The project or package itself lies in `app/` beside them. */
export function exportCompose(deployment: Deployment): readonly BundleFile[] {
  const secret = secretVariables(deployment);
  requireOwnNames("Docker Compose", secretFiles(deployment).map(({ key, target }) => ({ what: target, name: key })));
  return [
    ...dockerFiles(deployment),
    { path: "compose.yaml", content: yamlText(composeFile(deployment)) },
    { path: deployment.settingsFile, content: containerSettingsText(deployment) },
    { path: "environment.env", content: environmentText(deployment) },
    ...(secret.length === 0 ? [] : [{ path: "secrets.env.example", content: secretsForm(deployment) }]),
    { path: ".gitignore", content: "secrets.env\nsecrets/\n" },
    { path: "README.md", content: readmeText(deployment) },
  ];
}

function composeFile(deployment: Deployment): Yaml {
  const { name, store } = deployment;
  const files = secretFiles(deployment);
  return commented({
    name,
    services: { worker: worker(deployment) },
    configs: { settings: { file: `./${deployment.settingsFile}` } },
    ...(files.length === 0 ? {} : { secrets: Object.fromEntries(files.map(({ key }) => [key, { file: `./secrets/${key}` }])) }),
    volumes: { store: commented({}, store.kind === "file" ? "The store: it knows what was written already. `docker compose down --volumes` forgets it, and then it is written again." : "Logs, and logins where some are kept. The store is in PostgreSQL.") },
  }, `${name}: docker compose up --detach (README.md says what has to be there before).`);
}

function worker(deployment: Deployment): Yaml {
  const { image, commands, store, port, metricsPort, graceSeconds, memory, paths } = deployment;
  const files = secretFiles(deployment);
  const metrics = metricsPort === null || metricsPort === port ? [] : [`127.0.0.1:${metricsPort}:${metricsPort}`];
  return {
    build: ".", image, command: commands.serve,
    restart: "unless-stopped",
    stop_grace_period: commented(`${graceSeconds}s`, "It ends what goes on in 25 s, and leaves what takes longer to the next start."),
    user: `${USER}:${USER}`,
    read_only: true,
    cap_drop: ["ALL"],
    security_opt: ["no-new-privileges:true"],
    tmpfs: ["/tmp:size=512m,mode=1777"],
    env_file: ["environment.env", ...(secretVariables(deployment).length === 0 ? [] : [commented({ path: "secrets.env", format: "raw" }, "Not in the repository. Raw: a $ in a secret is a $.")])],
    ports: commented([`127.0.0.1:${port}:${port}`, ...metrics], `This machine alone: ${paths.length === 0 ? "health, for who looks" : "a proxy with TLS belongs before what others reach"}.`),
    configs: [{ source: "settings", target: `${APP}/${deployment.settingsFile}` }],
    ...(files.length === 0 ? {} : { secrets: files.map(({ key, target }) => ({ source: key, target: target.replaceAll("$", "$$$$") })) }),
    volumes: [{ type: "volume", source: "store", target: `${APP}/.offstage` }],
    healthcheck: { test: ["CMD", ...probe(deployment)], interval: "15s", timeout: "5s", retries: 3, start_period: "90s", start_interval: "2s" },
    deploy: {
      ...(store.kind === "file" ? { replicas: commented(1, "The store is a SQLite file: one process, and the old one ends before the new one starts.") } : {}),
      resources: { limits: { memory: `${memory.most}M`, pids: 512 } },
    },
    logging: { driver: "local" },
  };
}

function probe({ language, port }: Deployment): readonly string[] {
  const url = `http://127.0.0.1:${port}/healthz`;
  return language === "python" ? ["python", "-c", `import urllib.request as r; r.urlopen("${url}", timeout=4)`] : ["node", "-e", `fetch("${url}").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`];
}

/** `${secret:NAME}` and `${file:…}`, as Compose mounts them. In `compose.yaml` a `$` is written twice: a single one begins a variable. */
function secretFiles({ needs }: Deployment): readonly { readonly key: string; readonly target: string }[] {
  const files = needs.files.map(({ path }) => {
    const target = path.startsWith("/") ? path : `${APP}/${path}`;
    return { key: path.replace(`${SECRETS}/`, "").replace(/^[^A-Za-z0-9]+/, "").replace(/[^A-Za-z0-9._-]+/g, "-"), target };
  });
  const all = [...needs.secrets.map(({ name }) => ({ key: name, target: `${SECRETS}/${name}` })), ...files];
  return [...new Map(all.map((file) => [file.target, file])).values()];
}

function readmeText(deployment: Deployment): string {
  const { name, description, commands, paths, store } = deployment;
  const secret = secretVariables(deployment);
  const files = secretFiles(deployment).map(({ key }) => `secrets/${key}`);
  const filled = [...blankFiles(deployment), ...files];
  const start = commands.serve.slice(0, commands.serve.indexOf("serve")).join(" ");
  return `${headText(`${name} with Docker Compose`, description)}
\`\`\`sh
${secret.length === 0 ? "" : "cp --no-clobber secrets.env.example secrets.env\n"}${files.length === 0 ? "" : `(umask 077 && mkdir --parents secrets && touch ${files.join(" ")})\n`}${filled.length === 0 ? "" : `\${EDITOR:-vi} ${filled.join(" ")}   # what is blank there\n`}${files.length === 0 ? "" : `sudo chown ${USER} ${files.join(" ")}   # who runs in the container\n`}${missingLine(deployment, deployment.settingsFile)}docker compose up --detach --build
docker compose logs --follow
docker compose exec worker ${start} runs
\`\`\`

${[
    `\`environment.env\` has the variables that are no secrets, \`${deployment.settingsFile}\` the policy, the limits and all other settings.`,
    ...(files.length === 0 ? [] : [`Secrets in files lie in \`secrets/\`, readable by user ${USER} alone.`]),
    store.kind === "file" ? "The store is in the volume `store`. Back it up: `docker compose exec worker " + start + " backup /app/.offstage/backup.db`, and copy that file elsewhere." : "The store is in PostgreSQL: the database is what has to be backed up.",
    paths.length === 0 ? "Nobody has to reach it." : `Others reach ${paths.map((path) => `\`${path}\``).join(", ")} through a proxy with TLS of yours, which sends them to 127.0.0.1:${deployment.port}.`,
    ...changesParagraphs(deployment, deployment.settingsFile),
    ...missingParagraphs(deployment, deployment.settingsFile),
  ].join("\n\n")}
`;
}
