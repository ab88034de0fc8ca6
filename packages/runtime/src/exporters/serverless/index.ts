export { exportCloudRun } from "./export-cloud-run.ts";
export { exportLambda } from "./export-lambda.ts";
