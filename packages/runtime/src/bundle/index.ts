export type { BundleFile } from "./bundle-file.ts";
export type { ExportNeeds, NeededVariable } from "./export-needs.ts";
export type { ExportedProfile, ExportSource } from "./export-source.ts";
export { type CronLine, parseCron } from "./cron-line.ts";
export { containerSettingsText, environmentText, missingParagraphs, secretsForm, secretVariables } from "./deployed-texts.ts";
export type { DeployedCommands, DeployedLanguage, DeployedQueue, DeployedSchedule, DeployedStore, Deployment, ServerProgram } from "./deployment.ts";
export { type DeploymentChoices, deriveDeployment, requirePostgres, STORE_VARIABLE } from "./derive-deployment.ts";
export { APP, dockerFiles, USER } from "./dockerfile.ts";
export { type Commented, commented, commentLines, type Yaml, yamlDocuments, yamlText } from "./yaml-text.ts";
