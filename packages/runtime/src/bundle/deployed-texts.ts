import type { Deployment } from "./deployment.ts";
import type { ServerFile } from "./export-source.ts";
import { commentLines, type Yaml, yamlText } from "./yaml-text.ts";

/** The settings for a container, with what is different in them; JSON has no comments. */
export function containerSettingsText({ settings, changes, settingsFile }: Pick<Deployment, "settings" | "changes" | "settingsFile">): string {
  if (settingsFile.endsWith(".json")) return `${JSON.stringify(settings, null, 2)}\n`;
  return `${["Made from the project's offstage.yaml, with what is different here:", ...changes.map((change) => `- ${change}`)].flatMap((line) => commentLines(line, "")).join("\n")}\n${yamlText(settings as Yaml)}`;
}

/** `NAME=value` lines for a person to fill in: what is no secret. */
export function environmentText({ needs }: Pick<Deployment, "needs">): string {
  const lines = needs.variables.filter(({ secret }) => !secret).flatMap(({ name, fallback, place }) => [`# ${place}`, fallback === null ? `${name}=` : `# ${name}=${fallback.replace(/[\r\n]+/g, " ")}`]);
  return `${["# Variables that are no secrets. Offstage says at its start which of them is missing.", "# OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318 sends traces there.", ...lines].join("\n")}\n`;
}

/** The variables that are secrets, in order. */
export function secretVariables({ needs }: Pick<Deployment, "needs">): readonly string[] {
  return needs.variables.filter(({ secret }) => secret).map(({ name }) => name);
}

/** A form for the file that nobody keeps in a repository. `names`: what is asked for; where it is left out, the variables that are secrets. */
export function secretsForm(deployment: Pick<Deployment, "needs">, names = secretVariables(deployment)): string {
  const places = new Map([...deployment.needs.secrets, ...deployment.needs.variables].map(({ name, place }) => [name, place]));
  const lines = names.flatMap((name) => [...(places.has(name) ? [`# ${places.get(name) ?? ""}`] : []), `${name}=`]);
  return `${["# Copy this, fill it in, and keep the copy out of every repository. A line is a variable, as it stands: nothing in it is quoted or replaced.", ...lines].join("\n")}\n`;
}

/** The files that have to be filled in before it starts: what has no value there. */
export function blankFiles({ needs }: Pick<Deployment, "needs">): readonly string[] {
  const isBlank = needs.variables.some(({ secret, fallback }) => !secret && fallback === null);
  return [...(isBlank ? ["environment.env"] : []), ...(secretVariables({ needs }).length === 0 ? [] : ["secrets.env"])];
}

/** The line of a README's commands that stands before the start where something is missing that no form asks for; {@link missingParagraphs} have it below. */
export function missingLine({ undescribed, needs, serverFiles }: Pick<Deployment, "undescribed" | "needs" | "serverFiles">, settingsFile: string): string {
  const missing = [
    ...(undescribed.length === 0 ? [] : [`say in ${settingsFile} what ${undescribed.join(" and ")} is`]),
    ...(serverFiles.length === 0 ? [] : ["put there the files that its servers need"]),
    ...(needs.programs.length === 0 ? [] : ["put there the programs that give its secrets"]),
  ];
  return missing.length === 0 ? "" : `# Before it starts, ${missing.join(", ")}: see below.\n`;
}

/** What a README says of things that are missing, each a paragraph. */
export function missingParagraphs({ undescribed, needs, serverFiles }: Pick<Deployment, "undescribed" | "needs" | "serverFiles">, settingsFile: string): readonly string[] {
  return [
    ...serverFilesParagraphs(serverFiles),
    ...(undescribed.length === 0 ? [] : [`It does not start before \`${settingsFile}\` says what ${undescribed.map((one) => `\`${one}\``).join(" and ")} is.`]),
    ...(needs.programs.length === 0 ? [] : [`Secrets come from programs that have to be there: ${needs.programs.map(({ argv }) => `\`${argv.join(" ")}\``).join(", ")}.`]),
  ];
}

/** What a README says of files that servers need: the export does not have them. */
export function serverFilesParagraphs(files: readonly ServerFile[]): readonly string[] {
  if (files.length === 0) return [];
  return [`The servers need files that are not here. Put each where \`mcp.json\` looks for it there, or write there where it is: ${serverFileNames(files).map(({ path, servers }) => `\`${path}\` (${servers})`).join(", ")}.`];
}

/** Each file once, with whose it is, for people. */
export function serverFileNames(files: readonly ServerFile[]): readonly { readonly path: string; readonly servers: string }[] {
  return [...Map.groupBy(files, ({ path }) => path)].map(([path, of]) => ({ path, servers: of.map(({ server }) => server).join(", ") }));
}

/** How a README begins; not every workflow says what it does. */
export function headText(title: string, description: string): string {
  return `# ${title}\n${description === "" ? "" : `\n${description}\n`}`;
}

/** What a README says of settings that are others in a container, where the file itself has no comments. */
export function changesParagraphs({ changes, settingsFile }: Pick<Deployment, "changes" | "settingsFile">, place: string): readonly string[] {
  if (!settingsFile.endsWith(".json") || changes.length === 0) return [];
  return [`\`${place}\` is made from the project's \`offstage.yaml\`, with what is different here:\n\n${changes.map((change) => `- ${change}`).join("\n")}`];
}
