import { OffstageError } from "../../base/index.ts";
import { commented, type DeployedSchedule, type Deployment, type Yaml } from "../../bundle/index.ts";
import { labelsOf, named } from "./names.ts";
import { podTemplate } from "./pod.ts";

/** What Kubernetes may be late by where a missed time is not made up for. */
const LATE_SECONDS = 60;

/**
 * The schedules as CronJobs, where no worker is wanted. One or the other: a worker runs its own schedules, and both would start each run twice. Errors: `EXPORT_REFUSED`
 * for a workflow that needs the worker.
 */
export function cronJobs(deployment: Deployment): readonly Yaml[] {
  const { schedules, needsWorker, name } = deployment;
  if (schedules.length === 0 || needsWorker.length > 0) {
    const why = needsWorker.length === 0 ? "it has no schedule" : needsWorker.join("; ");
    throw new OffstageError("EXPORT_REFUSED", `${name} cannot be CronJobs alone: ${why}.`, { hint: "Leave --jobs away: then a worker runs, which does all of that." });
  }
  return schedules.map((schedule, index) => cronJob(deployment, schedule, schedules.length === 1 ? "run" : `${schedule.sweep ? "sweep" : "run"}-${index + 1}`));
}

function cronJob(deployment: Deployment, schedule: DeployedSchedule, what: string): Yaml {
  const { sweep, overlap, missed, cron, shown, timeZone } = schedule;
  const late = missed === "skip" || overlap === "skip";
  return commented({
    apiVersion: "batch/v1", kind: "CronJob",
    metadata: { name: named(deployment, what), labels: labelsOf(deployment) },
    spec: {
      schedule: commented(cron, `${shown}${sweep ? ", a sweep: it visits everything, and releases what is gone" : ""}`),
      timeZone,
      concurrencyPolicy: commented(overlap === "replace" ? "Replace" : "Forbid", overlap === "replace" ? "`overlap: \"replace\"`: the next one ends the one that goes on." : late ? "What comes while one goes on is dropped." : "What comes while one goes on begins after it, once."),
      ...(late ? { startingDeadlineSeconds: LATE_SECONDS } : {}),
      successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: { labels: labelsOf(deployment) },
        spec: {
          backoffLimit: commented(0, "The next time is the next try: what was written is not written again."),
          ttlSecondsAfterFinished: 86_400,
          template: podTemplate(deployment, {
            container: "run", restartPolicy: "Never",
            // Exit code 4: the run waits for a person, which is no failure.
            command: ["tini", "-e", "4", "--"], args: sweep ? deployment.commands.sweep : deployment.commands.run,
          }),
        },
      },
    },
  }, `Nothing else starts these runs: there is no worker beside it, which would run its own schedules.${deployment.store.kind === "file" ? " Two of these Jobs never have the store at once: its volume is of one pod." : " Of two Jobs at once one drives the store, and the other hands its run over."}
Exit code 4, a run that waits for a person, ends a Job well; \`offstage approve\` and the next time go on with it.`);
}
