import { OffstageError } from "../../base/index.ts";
import { blankFiles, type BundleFile, type DeployedSchedule, type Deployment, environmentText, missingLine, missingParagraphs, secretsForm, secretVariables, headText } from "../../bundle/index.ts";
import { onCalendar } from "./on-calendar.ts";
import { placesOf, runUnit, serviceUnit } from "./service-unit.ts";

/** What the workflow does not say. */
export interface SystemdOptions {
  /** Timers in the service's place. */
  readonly jobs?: boolean;
}

/**
 * A workflow as a service of systemd, or as timers. The project or package itself lies in `app/` beside the units. Errors: `EXPORT_REFUSED` for timers of a workflow
 * that needs something to be there between them.
 */
export function exportSystemd(given: Deployment, { jobs = false }: SystemdOptions = {}): readonly BundleFile[] {
  const deployment = { ...given, needs: jobs ? given.runNeeds : given.projectNeeds };
  const secret = secretVariables(deployment);
  return [
    ...(jobs ? timers(deployment) : [{ path: `systemd/${deployment.name}.service`, content: serviceUnit(deployment) }]),
    { path: "systemd/environment.env", content: environmentText(deployment) },
    ...(secret.length === 0 ? [] : [{ path: "systemd/secrets.env.example", content: secretsForm(deployment) }]),
    { path: "README.md", content: readmeText(deployment, jobs) },
  ];
}

function timers(deployment: Deployment): readonly BundleFile[] {
  const { name, schedules, needsWorker } = deployment;
  if (schedules.length === 0 || needsWorker.length > 0) {
    throw new OffstageError("EXPORT_REFUSED", `${name} cannot be timers alone: ${needsWorker.length === 0 ? "it has no schedule" : needsWorker.join("; ")}.`, { hint: "Leave --jobs away: then a service runs, which does all of that." });
  }
  return [false, true].flatMap((sweep) => {
    const own = schedules.filter((schedule) => schedule.sweep === sweep);
    if (own.length === 0) return [];
    const base = `systemd/${name}-${sweep ? "sweep" : "run"}`;
    return [{ path: `${base}.service`, content: runUnit(deployment, sweep) }, { path: `${base}.timer`, content: timerUnit(deployment, own, sweep) }];
  });
}

/** All times of one kind in one timer: a service that goes on when the next one comes is left alone. */
function timerUnit({ name }: Deployment, schedules: readonly DeployedSchedule[], sweep: boolean): string {
  const persistent = schedules.some(({ missed }) => missed === "once");
  return `[Unit]
Description=${name}: when ${sweep ? "it sweeps" : "it runs"}

[Timer]
${schedules.map(({ shown, cron, timeZone }) => `# ${shown}\n${onCalendar(cron ?? "", timeZone).map((expression) => `OnCalendar=${expression}\n`).join("")}`).join("")}# ${persistent ? "What was missed while the machine was off is made up for, once." : "What was missed while the machine was off is not made up for."}
Persistent=${persistent ? "yes" : "no"}
AccuracySec=1s

[Install]
WantedBy=timers.target
`;
}

function storeText(deployment: Deployment): string {
  const { name, commands, store } = deployment;
  const { app, state, python } = placesOf(deployment);
  if (store.kind === "postgres") return "The store is in PostgreSQL: the database is what has to be backed up.";
  const [program = "", ...words] = commands.serve.slice(0, commands.serve.indexOf("serve"));
  return `The store is in ${state}: \`cd ${app} && ${[program === "python" ? python : program, ...words].join(" ")} backup /var/backups/${name}.db\` backs it up while the service runs.`;
}

function readmeText(deployment: Deployment, jobs: boolean): string {
  const { name, description, needs, paths, language, programs, settingsFile } = deployment;
  const { app, settings, state } = placesOf(deployment);
  const secret = secretVariables(deployment);
  // One that is named by its path is where it is.
  const called = [...new Set(programs.map(({ command }) => command).filter((command) => !command.includes("/")))];
  const credentials = needs.secrets.map((one) => `${settings}/credentials/${one.name}`);
  const filled = [...blankFiles(deployment).map((file) => `${settings}/${file}`), ...credentials];
  const install = language === "python" ? `python3 -m venv /opt/${name} && (cd ${app} && /opt/${name}/bin/pip install --requirement requirements.txt)` : `(cd ${app} && npm install --omit=dev)`;
  return `${headText(`${name} under systemd`, description)}
\`\`\`sh
install --directory /opt/${name} ${settings}${needs.secrets.length === 0 ? "" : "/credentials"} && cp --recursive app /opt/${name}/
${install}
ln --symbolic --no-dereference --force ${state} ${app}/.offstage
install --mode 0644 systemd/environment.env ${settings}/
${secret.length === 0 ? "" : `install --mode 0600 systemd/secrets.env.example ${settings}/secrets.env\n`}install --mode 0644 ${["service", ...(jobs ? ["timer"] : [])].map((kind) => `systemd/${name}*.${kind}`).join(" ")} /etc/systemd/system/
${credentials.length === 0 ? "" : `(umask 077 && touch ${credentials.join(" ")})\n`}${filled.length === 0 ? "" : `\${EDITOR:-vi} ${filled.join(" ")}   # what is blank there\n`}${needs.files.length === 0 ? "" : `# Put there what the service's user has to read: ${needs.files.map(({ path }) => path).join(", ")}\n`}${missingLine(deployment, `${app}/${settingsFile}`)}systemctl daemon-reload
systemctl enable --now ${jobs ? `${name}-*.timer` : `${name}.service`}
journalctl --unit ${jobs ? `'${name}-*'` : name} --follow
\`\`\`

${[
    `\`${app}/${settingsFile}\` has the policy and the limits, as the project has them. ${storeText(deployment)}`,
    `${language === "python" ? "`python3` (3.11 or newer, with its venv)" : "`node` (22.18 or newer)"} has to be in /usr/local/bin or /usr/bin${called.length === 0 ? "" : `, and so has what starts the servers: ${called.map((command) => `\`${command}\``).join(", ")}`}.`,
    ...(needs.secrets.length === 0 ? [] : [`Credentials are files in \`${settings}/credentials\`, readable by root alone. \`systemd-creds encrypt\` and \`LoadCredentialEncrypted=\` keep them sealed.`]),
    ...(needs.files.length === 0 ? [] : [`The user of the service has to be able to read ${needs.files.map(({ path }) => `\`${path}\``).join(", ")}; \`\${secret:NAME}\` in their place is handed over by systemd.`]),
    jobs ? "Timers start single runs, and nothing runs between them. A service beside them would start every run twice." : `The service runs its schedules itself: no timer is beside it, which would start every run twice.${paths.length === 0 ? "" : ` A proxy with TLS belongs before what others reach: ${paths.map((path) => `\`${path}\``).join(", ")}.`}`,
    ...missingParagraphs(deployment, `${app}/${settingsFile}`),
  ].join("\n\n")}
`;
}
