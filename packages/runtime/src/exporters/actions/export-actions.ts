import { OffstageError } from "../../base/index.ts";
import { type BundleFile, commented, type DeployedSchedule, type Deployment, missingParagraphs, requireOwnNames, requirePostgres, type Yaml, yamlText, headText } from "../../bundle/index.ts";

/** The environment whose people permit an apply; GitHub asks them. */
const ENVIRONMENT = "production";

/** Where GitHub's runners are; the shape of an `uses`, by major version: Dependabot keeps them. */
const CHECKOUT = "actions/checkout@v5";
const NODE = "actions/setup-node@v5";
const PYTHON = "actions/setup-python@v6";

/**
 * A workflow of GitHub Actions: at its times a plan, and behind an environment, where people permit it, the apply of exactly this plan. The project or package itself lies
 * in `app/`. Errors: `EXPORT_REFUSED` without PostgreSQL, and for a workflow that has no time at which GitHub could start it.
 */
export function exportActions(given: Deployment): readonly BundleFile[] {
  const deployment = { ...given, needs: given.runNeeds };
  requirePostgres(deployment, "A runner of GitHub Actions", { withOption: false });
  const { name, schedules, needs } = deployment;
  const planned = timesOf(schedules.filter(({ sweep }) => !sweep));
  const swept = timesOf(schedules.filter(({ sweep }) => sweep));
  if (planned.length + swept.length === 0) throw new OffstageError("EXPORT_REFUSED", `${name} has no schedule that GitHub Actions could start it by.`, { hint: "Give it one that a cron line has: on: [every(\"15m\")]. Webhooks and queues need a process that is there: kubernetes, compose, systemd." });
  const parks = deployment.needsWorker.find((why) => why.startsWith("a run of it may wait") || why.startsWith("it starts runs"));
  if (parks !== undefined) throw new OffstageError("EXPORT_REFUSED", `${name} cannot be run by GitHub Actions: ${parks}.`, { hint: "A process that is there does: --to kubernetes, compose or systemd." });
  if (needs.files.length > 0) throw new OffstageError("EXPORT_REFUSED", `GitHub Actions has no files with secrets: ${needs.files.map(({ path }) => path).join(", ")}.`, { hint: "Write ${secret:NAME} in the place of ${file:…}: a secret of the repository gives it." });
  // To GitHub a name in capitals is the same name.
  requireOwnNames("GitHub Actions", [...needs.variables, ...needs.secrets].map((one) => ({ what: one.name, name: settingName(one.name).toUpperCase() })));
  return [
    { path: `.github/workflows/${name}.yml`, content: yamlText(workflowFile(deployment, planned, swept)) },
    { path: "README.md", content: readmeText(deployment) },
  ];
}

/** GitHub looks every five minutes, at the soonest. */
const SOONEST = "*/5 * * * *";

function timesOf(schedules: readonly DeployedSchedule[]): readonly { readonly cron: string; readonly timeZone: string; readonly shown: string }[] {
  return schedules.flatMap(({ cron, timeZone, shown, intervalMs }) => (cron === null ? [] : [{ cron: intervalMs !== null && intervalMs < 300_000 ? SOONEST : cron, timeZone, shown }]));
}

type Times = ReturnType<typeof timesOf>;

function workflowFile(deployment: Deployment, planned: Times, swept: Times): Yaml {
  const { name } = deployment;
  return commented({
    name,
    on: {
      schedule: [...planned, ...swept].map(({ cron, timeZone, shown }) => commented({ cron, ...(timeZone === "UTC" ? {} : { timezone: timeZone }) }, shown)),
      workflow_dispatch: null,
    },
    permissions: { contents: "read" },
    concurrency: commented({ group: name, "cancel-in-progress": false }, "One after the other. Of several that wait GitHub keeps the last; an apply that waits for a person is one of them, so later plans wait too."),
    defaults: { run: { "working-directory": "app", shell: "bash" } },
    jobs: {
      ...(planned.length === 0 ? {} : { plan: planJob(deployment, swept), apply: applyJob(deployment) }),
      ...(swept.length === 0 ? {} : { sweep: sweepJob(deployment, swept) }),
    },
  }, "Made by `offstage export`. Webhooks, queues and waits need a process that is there: they are not served here.");
}

/** Its lines are the same whatever they are compared with: `github.event.schedule` is the line that came due. */
function isOneOf(times: Times): string {
  return times.map(({ cron }) => `github.event.schedule == '${cron}'`).join(" || ");
}

function planJob(deployment: Deployment, swept: Times): Yaml {
  return {
    ...(swept.length === 0 ? {} : { if: `\${{ !(${isOneOf(swept)}) }}` }),
    "runs-on": "ubuntu-24.04",
    "timeout-minutes": 30,
    outputs: { plan: "${{ steps.plan.outputs.plan }}", changes: "${{ steps.plan.outputs.changes }}" },
    steps: [
      ...setUp(deployment),
      {
        id: "plan", name: "Plan", env: environment(deployment),
        run: `code=0
${shell(deployment.commands.plan)} --json > plan.json || code=$?
# It came to no plan.
if ! jq --exit-status .result.plan plan.json > /dev/null; then cat plan.json; exit "$code"; fi
jq --raw-output '.result.plan | "changes=\\(.effects + (.cutShort // []) != [])", "plan=\\(.id)"' plan.json >> "$GITHUB_OUTPUT"
{
  echo '\`\`\`json'
  jq '.result | { failures, ambiguous, changes: (.plan | .effects + (.cutShort // [])) } | with_entries(select(.value != []))' plan.json
  echo '\`\`\`'
} >> "$GITHUB_STEP_SUMMARY"
if [ "$code" -ne 0 ]; then echo '::error::Something failed or is in doubt: the summary has it. What could be planned can be applied.'; fi
exit "$code"
`,
      },
    ],
  };
}

function applyJob(deployment: Deployment): Yaml {
  return {
    needs: "plan",
    if: commented("${{ !cancelled() && needs.plan.outputs.changes == 'true' }}", "Also where a part of the plan failed: that job is red, and what it could plan is as good as before."),
    environment: commented(ENVIRONMENT, `Name people who have to permit it in the repository's settings: they see the plan in the summary. A plan waits as long as plan.maxAge of ${deployment.settingsFile} says (1h).`),
    "runs-on": "ubuntu-24.04",
    "timeout-minutes": 60,
    steps: [
      ...setUp(deployment),
      { name: "Apply exactly this plan", env: { ...environment(deployment), PLAN: "${{ needs.plan.outputs.plan }}" }, run: `${shell(deployment.commands.apply)} "$PLAN" || [ $? -eq 4 ] # 4: something waits for a person, which is no failure\n` },
    ],
  };
}

function sweepJob(deployment: Deployment, swept: Times): Yaml {
  return {
    if: `\${{ ${isOneOf(swept)} }}`,
    environment: ENVIRONMENT,
    "runs-on": "ubuntu-24.04",
    "timeout-minutes": 60,
    steps: [...setUp(deployment), { name: "Sweep", env: environment(deployment), run: `${shell(deployment.commands.sweep)} || [ $? -eq 4 ] # 4: something waits for a person, which is no failure\n` }],
  };
}

function setUp({ language }: Deployment): readonly Yaml[] {
  const checkout = { uses: CHECKOUT, with: { "persist-credentials": false } };
  if (language === "python") return [checkout, { uses: PYTHON, with: { "python-version": "3.13" } }, { name: "Install", run: "pip install --requirement requirements.txt\n" }];
  return [checkout, { uses: NODE, with: { "node-version": 24 } }, { name: "Install", run: "npm install --omit=dev --no-audit --no-fund\n" }];
}

/** Secrets are the repository's, or the environment's; what is none is a variable of either. */
function environment({ needs }: Deployment): { readonly [name: string]: Yaml } {
  const variables = needs.variables.map(({ name, secret, fallback }) => [name, secret ? `\${{ secrets.${settingName(name)} }}` : `\${{ vars.${settingName(name)}${fallback === null ? "" : ` || '${fallback.replaceAll("'", "''")}'`} }}`] as const);
  return Object.fromEntries([...variables, ...needs.secrets.map(({ name }) => [name, `\${{ secrets.${settingName(name)} }}`] as const)]);
}

/** GitHub's names of secrets and variables have letters, digits and _, and those that begin with GITHUB_ are its own. */
function settingName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=GITHUB_|\d)/i, "OFFSTAGE_");
}

function shell(words: readonly string[]): string {
  return words.map((word) => (/^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}

function readmeText(deployment: Deployment): string {
  const { name, description, needs, needsWorker } = deployment;
  const secrets = [...needs.variables.filter(({ secret }) => secret), ...needs.secrets].map((one) => settingName(one.name));
  const plain = needs.variables.filter(({ secret }) => !secret).map((one) => settingName(one.name));
  const undone = needsWorker.filter((why) => !why.startsWith("no cron line"));
  return `${headText(`${name} on GitHub Actions`, description)}
Put this folder into a repository. At its times the job \`plan\` shows what would be written; when there are changes, the job \`apply\` waits for whom the environment \`${ENVIRONMENT}\` names, and performs exactly that plan. Both find each other in the store. Where something failed while it was planned, \`plan\` ends red and its summary says what; the rest can be permitted all the same.

${[
    `Secrets of the repository${secrets.length === 0 ? ": none" : `, for both jobs: ${secrets.map((one) => `\`${one}\``).join(", ")}`}.${plain.length === 0 ? "" : ` Variables: ${plain.map((one) => `\`${one}\``).join(", ")}.`}`,
    "The store is in PostgreSQL, which runners have to reach: their disks are gone with them, and a run that does not know what was written writes it again.",
    ...(undone.length === 0 ? [] : [`Not done here: ${undone.join("; ")}. A process that is there does that (\`--to kubernetes\`, \`compose\`, \`systemd\`).`]),
    "GitHub starts schedules late when it has much to do, leaves some out, and ends them in repositories where nothing happened for 60 days.",
    ...missingParagraphs(deployment, `app/${deployment.settingsFile}`),
  ].join("\n\n")}
`;
}
