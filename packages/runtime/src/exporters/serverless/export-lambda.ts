import { type BundleFile, changesParagraphs, commented, containerSettingsText, type Deployment, missingLine, missingOnFunction, missingParagraphs, requireOwnNames, type Yaml, yamlText, headText } from "../../bundle/index.ts";
import { pythonLambda } from "./python-function.ts";
import { requireFunction, secretNames } from "./requirements.ts";
import { lambdaHandler, WAKE_SCRIPT } from "./wake-script.ts";
import { wakeTimes } from "./wake-times.ts";

const TARGET = "AWS Lambda";
/** pip looks for what lies in `vendor/` from where it is started. */
const BUILD: Readonly<Record<Deployment["language"], string>> = { workflow: "sam build", typescript: "sam build", python: "(cd app && sam build --template ../template.yaml --build-dir ../.aws-sam/build)" };
const FUNCTION_SETTINGS = "app/offstage.function.yaml";
/** The longest that a function may take, seconds. */
const TIMEOUT = 900;

/**
 * A workflow as a function of AWS Lambda, by a template of SAM: EventBridge wakes it, and its URL takes deliveries. The project or package itself lies in `app/`, and so does
 * the handler. Errors: `EXPORT_REFUSED` without PostgreSQL or with secrets in files.
 */
export function exportLambda(deployment: Deployment): readonly BundleFile[] {
  requireFunction(deployment, TARGET);
  requireOwnNames(TARGET, deployment.needs.variables.filter(({ secret }) => !secret).map(({ name }) => ({ what: name, name: parameterOf(name) })));
  return [
    { path: "template.yaml", content: yamlText(template(deployment)) },
    ...(deployment.language === "python" ? pythonLambda(deployment) : nodeLambda(deployment)),
    { path: "README.md", content: readmeText(deployment) },
  ];
}

function nodeLambda(deployment: Deployment): readonly BundleFile[] {
  return [
    { path: "app/handler.mjs", content: lambdaHandler(deployment.commands.serve) },
    { path: "app/wake.mjs", content: WAKE_SCRIPT },
    { path: FUNCTION_SETTINGS, content: containerSettingsText(deployment) },
  ];
}

function template(deployment: Deployment): Yaml {
  const { name, description, needs, paths, memory } = deployment;
  const plain = needs.variables.filter(({ secret }) => !secret);
  const secrets = secretNames(deployment);
  return commented({
    AWSTemplateFormatVersion: "2010-09-09",
    Transform: "AWS::Serverless-2016-10-31",
    Description: (description === "" ? name : `${name}: ${description}`).slice(0, 1_000),
    ...(plain.length === 0 ? {} : { Parameters: Object.fromEntries(plain.map((variable) => [parameterOf(variable.name), commented({ Type: "String", ...(variable.fallback === null ? {} : { Default: variable.fallback }) }, variable.place)])) }),
    Resources: {
      Worker: {
        Type: "AWS::Serverless::Function",
        Properties: {
          CodeUri: "app/", Handler: "handler.handler", Runtime: deployment.language === "python" ? "python3.13" : "nodejs24.x", Architectures: ["x86_64"],
          MemorySize: Math.max(1_024, memory.usual * 2),
          Timeout: commented(TIMEOUT, "What takes longer is left, and goes on when it is woken next."),
          EphemeralStorage: { Size: 1_024 },
          ReservedConcurrentExecutions: commented(3, "One drives the store; another one takes a delivery meanwhile."),
          Environment: { Variables: environment(deployment) },
          ...(paths.length === 0 ? {} : { FunctionUrlConfig: commented({ AuthType: "NONE" }, `Others reach ${paths.join(", ")}: a delivery is proved by its signature, and all else by a token.`) }),
          EventInvokeConfig: commented({ MaximumRetryAttempts: 0 }, "The next time is the next try: nothing is lost meanwhile."),
          Events: schedules(deployment),
        },
      },
    },
    ...(paths.length === 0 ? {} : { Outputs: { Url: { Description: "Where deliveries are sent", Value: { "Fn::GetAtt": ["WorkerUrl", "FunctionUrl"] } } } }),
  }, `Made by \`offstage export\`: ${BUILD[deployment.language]} && sam deploy --guided.${secrets.length === 0 ? "" : ` The secret ${name} of Secrets Manager has to be there before.`}`);
}

/** CloudFormation's names have letters and digits. */
function parameterOf(variable: string): string {
  return variable.toLowerCase().split(/[^a-z0-9]+/).map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`).join("");
}

function environment(deployment: Deployment): { readonly [name: string]: Yaml } {
  const plain = deployment.needs.variables.filter(({ secret }) => !secret).map(({ name }) => [name, { Ref: parameterOf(name) }] as const);
  const secrets = secretNames(deployment).map((name) => [name, `{{resolve:secretsmanager:${deployment.name}:SecretString:${name}}}`] as const);
  return { ...(deployment.language === "python" ? { HOME: "/tmp" } : { NODE_ENV: "production" }), ...Object.fromEntries(plain), ...Object.fromEntries(secrets.map(([name, value], index) => [name, index === 0 ? commented(value, "References: CloudFormation resolves them when it deploys. Deploy again after a rotation.") : value])) };
}

function schedules(deployment: Deployment): { readonly [name: string]: Yaml } {
  const lines = wakeTimes(deployment).flatMap(({ shown, aws, timeZone }) => aws.map((expression) => ({ shown, expression, timeZone })));
  return Object.fromEntries(lines.map(({ shown, expression, timeZone }, index) => [`Wake${index + 1}`, commented({
    Type: "ScheduleV2",
    Properties: { ScheduleExpression: expression, ScheduleExpressionTimezone: timeZone, RetryPolicy: { MaximumRetryAttempts: 0 } },
  }, shown)]));
}

function readmeText(deployment: Deployment): string {
  const { name, description, paths, language } = deployment;
  const secrets = secretNames(deployment);
  const missing = missingOnFunction(deployment);
  const settings = language === "python" ? `app/${deployment.settingsFile}` : FUNCTION_SETTINGS;
  return `${headText(`${name} on AWS Lambda`, description)}
\`\`\`sh
${secrets.length === 0 ? "" : `aws secretsmanager create-secret --name ${name} --secret-string file://secrets.json   # { ${secrets.map((one) => `"${one}": "…"`).join(", ")} }\n`}${missingLine(deployment, settings)}${BUILD[language]}
sam deploy --guided
\`\`\`

${[
    "EventBridge wakes the function; `serve` looks into its store for what is due, does that, and is stopped when nothing is left. So nothing runs twice, and what waits goes on within five minutes.",
    "The store is in PostgreSQL, which the function has to reach: `VpcConfig` of the template, where it is in a network of its own. A function has no disk that lasts, and a run that does not know what was written writes it again.",
    ...(paths.length === 0 ? [] : [`Deliveries come to the function's URL (${paths.map((path) => `\`${path}\``).join(", ")}), and are answered when what they started is over: a sender that waits for less time sends again, which changes nothing. Where that is too slow, run a process that is there (\`--to kubernetes\`, \`compose\`, \`systemd\`).`]),
    "A run may take 15 minutes at a time; a longer one is left and goes on when the function is woken next.",
    ...(missing === null ? [] : [missing]),
    ...changesParagraphs(deployment, `app/${deployment.settingsFile}`),
    ...missingParagraphs(deployment, settings),
  ].join("\n\n")}
`;
}
