import type { ProvenCall } from "./prove-profile.ts";

const pipeline = { pipeline_id: "1" };
const job = { job_id: "2" };
const schedule = { pipeline_schedule_id: "3" };
const deployment = { deployment_id: "4" };
const environment = { environment_id: "5" };
const trigger = { trigger_id: "6" };
const key = { key: "K" };
const valued = { ...key, value: "v" };

/** Writes of the tools for pipelines and variables; `blind`: a success is a success, whatever it says. */
export const PIPELINE_WRITES: readonly (readonly [tool: string, answer: "reads" | "blind", args: object])[] = [
  ["create_pipeline", "reads", { ref: "main" }], ["trigger_pipeline", "reads", { ref: "main", token: "t" }], ["retry_pipeline", "reads", pipeline], ["cancel_pipeline", "reads", pipeline], ["delete_pipeline", "reads", pipeline], ["update_pipeline_metadata", "reads", { ...pipeline, name: "n" }],
  ["play_pipeline_job", "reads", job], ["retry_pipeline_job", "reads", job], ["cancel_pipeline_job", "reads", job], ["erase_pipeline_job", "reads", job],
  ["create_pipeline_trigger", "reads", { description: "d" }], ["update_pipeline_trigger", "reads", { ...trigger, description: "d" }], ["delete_pipeline_trigger", "reads", trigger],
  ["create_pipeline_schedule", "reads", { description: "d", ref: "main", cron: "0 1 * * *" }], ["update_pipeline_schedule", "reads", { ...schedule, description: "d" }], ["delete_pipeline_schedule", "blind", schedule], ["play_pipeline_schedule", "reads", schedule],
  ["take_ownership_pipeline_schedule", "reads", schedule], ["create_pipeline_schedule_variable", "reads", { ...schedule, ...valued }], ["update_pipeline_schedule_variable", "reads", { ...schedule, ...valued }], ["delete_pipeline_schedule_variable", "blind", { ...schedule, ...key }],
  ["create_deployment", "reads", { environment: "e", sha: "abc", ref: "main", tag: false, status: "success" }], ["update_deployment", "reads", { ...deployment, status: "failed" }], ["delete_deployment", "reads", deployment], ["approve_deployment", "reads", { ...deployment, status: "approved" }],
  ["update_environment", "reads", { ...environment, tier: "other" }], ["delete_environment", "reads", environment], ["stop_environment", "reads", environment], ["stop_stale_environments", "reads", { before: "2026-01-02T03:04:05Z" }], ["delete_review_app_environments", "reads", { dry_run: false }],
  ["create_project_variable", "reads", valued], ["update_project_variable", "reads", valued], ["delete_project_variable", "blind", key],
];

export const PIPELINE_READS: readonly (readonly [tool: string, args: object])[] = [
  ["list_pipelines", {}], ["get_pipeline_variables", pipeline], ["get_pipeline_test_report", pipeline], ["get_pipeline_test_report_summary", pipeline], ["list_pipeline_jobs", pipeline], ["list_pipeline_trigger_jobs", pipeline], ["get_pipeline_job_output", job],
  ["list_job_artifacts", job], ["get_job_artifact_file", { ...job, artifact_path: "a.txt" }], ["wait_for_pipeline", { ...pipeline, timeout_seconds: 1 }], ["wait_for_job", { ...job, timeout_seconds: 1 }],
  ["list_pipeline_triggers", {}], ["list_pipeline_schedules", {}], ["list_pipeline_schedule_pipelines", schedule], ["list_deployments", {}], ["list_deployment_merge_requests", deployment], ["list_environments", {}], ["list_project_variables", {}],
];

/** Single things: what is not there is gone. Of some the server says so too when their project is not there. */
export const PIPELINE_SINGLE: readonly (readonly [tool: string, args: object, hides?: "project"])[] = [
  ["get_pipeline", pipeline, "project"], ["get_pipeline_job", job, "project"], ["get_deployment", deployment, "project"], ["get_environment", environment, "project"],
  ["get_pipeline_trigger", trigger], ["get_pipeline_schedule", schedule], ["get_pipeline_schedule_variable", { ...schedule, ...key }], ["get_project_variable", key],
];

/** Calls of these tools that are like no other. */
export function pipelineCalls(): readonly ProvenCall[] {
  const group = (group_id: string, more: object = {}): object => ({ group_id, ...more });
  return [
    { tool: "list_group_variables", args: group("there"), is: "read" }, { tool: "get_group_variable", args: group("there", key), is: "read" }, { tool: "get_group_variable", args: group("gone", key), is: "gone" },
    ...["create_group_variable", "update_group_variable", "delete_group_variable"].flatMap((tool): readonly ProvenCall[] => [
      { tool, args: group("s403", valued), is: "refused" }, { tool, args: group("s500", valued), is: "open" }, { tool, args: group("s200", valued), is: "written" },
    ]),
    // The first may have been started when the second is refused.
    { tool: "play_pipeline_jobs", args: { project_id: "s403", job_ids: ["2"] }, is: "open" },
    ...["create_pipeline_trigger", "create_project_variable", "update_project_variable"].map((tool): ProvenCall => ({ tool, args: { project_id: "s200", description: "d", ...valued }, is: "written" })),
    ...["create_pipeline_schedule_variable", "update_pipeline_schedule_variable", "delete_pipeline_schedule_variable", "take_ownership_pipeline_schedule", "update_pipeline_schedule"].map((tool): ProvenCall => ({ tool, args: { project_id: "s200", ...schedule, ...valued }, is: "written" })),
  ];
}
