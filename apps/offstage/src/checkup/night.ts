import type { CommandIo } from "../command-io.ts";
import type { Project } from "../project/load-project.ts";
import { checkPolicyApprovers } from "./approvers.ts";
import { checkClock, serversTimes } from "./clock.ts";
import { checkDisk, diskFacts } from "./disk.ts";
import { foundBy, type NightFinding } from "./night-finding.ts";
import { checkPins } from "./pins.ts";
import { checkStoreState } from "./store.ts";
import { checkWorkflows } from "./workflows.ts";

/** What of a project, beside its servers and queues, a night would stumble over: workflows, approvals, packages, disk, clock, store. With `connects` servers and a database are asked, too. */
export async function checkNight(project: Project, io: Pick<CommandIo, "clock" | "env">, connects: boolean): Promise<readonly NightFinding[]> {
  const { store, retention } = project.settings;
  const parts = [
    await foundBy("workflows", () => checkWorkflows(project, io)),
    checkPolicyApprovers(project.settings),
    checkPins(project),
    store.postgres === null ? checkDisk(diskFacts(store.file), retention.runsMs === null) : [],
    connects ? checkClock(io.clock.now(), await serversTimes(project, io.clock)) : [],
    await foundBy("store", () => checkStoreState(project, io, connects)),
  ];
  return parts.flat();
}
