import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "./command.ts";
import { waitFaults } from "./command-verdict.ts";
import { letEnd } from "./course.ts";
import type { Course } from "./course.ts";
import { describeHit, hitOf } from "./histogram.ts";
import { describeStrike } from "./kill-point.ts";
import type { KilledCommand, KillPoint, Strike, WriteKind } from "./kill-point.ts";
import { readStore } from "./read-store.ts";
import type { Stage } from "./stage.ts";
import type { Ambush, AmbushTarget } from "./tap.ts";

const REQUESTS: Readonly<Record<WriteKind, readonly [method: string, path: RegExp]>> = {
  create: ["POST", /\/rest\/api\/3\/issue$/],
  update: ["PUT", /\/rest\/api\/3\/issue\/[^/]+$/],
  comment: ["POST", /\/repos\/[^/]+\/[^/]+\/issues\/\d+\/comments$/],
};

/** Starts a command, kills it where the strike says, and notes where that hit. A command that ended before is judged like any other. */
export async function carryOutStrike(course: Course, strike: Strike, where: string): Promise<void> {
  const { stage, report, say } = course;
  const point = await provideWork(course, strike.point);
  const args = await argsFor(course, strike.command, where);
  const dead = new Set(course.dead);
  const ambush = point.at === "write" ? stage.tap.set(targetOf(point)) : null;
  const other = (): Command => stage.commands.start(["run", stage.workflow]);
  const first = strike.company === "other" ? other() : null;
  const victim = stage.commands.start(args);
  const rival = strike.company === "this" ? other() : first;
  await reach(course, point, ambush, [victim, ...(rival === null ? [] : [rival])]);
  if (strike.thenMs > 0) await sleep(strike.thenMs);
  victim.kill(strike.group ? "group" : "process");
  const end = await victim.ended;
  if (end.signal === "SIGKILL" && !end.hung) {
    course.dead.add(end.pid);
    const isContested = rival?.isRunning() === true;
    const store = await readStore(stage.storeFile, { inUse: isContested });
    const hit = hitOf({ ...store, lease: store.lease === null ? null : { pid: store.lease.holder.pid, fence: store.lease.fence } }, { pid: end.pid, begun: end.begunAfterMs !== null, rival: rival?.pid ?? null });
    course.hits.push(hit);
    report.check(where, waitFaults(end, dead));
    say(`${where}: kill ${course.hits.length}: ${describeStrike({ ...strike, point })}: ${describeHit(hit)} (run ${store.runs[0]?.id ?? "none yet"})`);
  } else {
    say(`${where}: ${describeStrike({ ...strike, point })}: it had ended before`);
    await letEnd(course, where, victim, dead);
  }
  ambush?.lift(strike.late);
  if (rival !== null) await letEnd(course, `${where}, the other process`, rival, dead);
}

/** Resolves when it is time to kill. When a process ends before, nothing that one waits for may come any more. */
async function reach(course: Course, point: KillPoint, ambush: Ambush | null, commands: readonly Command[]): Promise<void> {
  const settled = new AbortController();
  const moment = ambush?.sprung ?? sleep(point.at === "time" ? course.usualMs * point.fraction : 0, undefined, { signal: settled.signal }).catch(() => undefined);
  await Promise.race([moment, Promise.all(commands.map(({ ended }) => ended))]);
  settled.abort();
}

/** Makes sure that there is something to be killed in. Gives back the point, with another write where nothing can be updated. */
async function provideWork({ pulls }: Course, point: KillPoint): Promise<KillPoint> {
  if (point.at === "time") {
    await pulls.open(2);
    return point;
  }
  const wanted = point.skip + point.pile;
  if (point.write === "update") {
    const retitled = await pulls.retitle(wanted);
    if (retitled > 0) return { ...point, skip: Math.min(point.skip, retitled - 1), pile: 1 };
  }
  await pulls.open(Math.min(wanted, 4));
  return point.write === "update" ? { ...point, write: "create" } : point;
}

/** `apply` needs a plan, which is made first and not killed. */
async function argsFor(course: Course, command: Strike["command"], where: string): Promise<readonly string[]> {
  const { workflow, planFile, commands } = course.stage;
  if (command === "apply") await letEnd(course, where, commands.start(["plan", workflow, "--out", planFile]), new Set(course.dead));
  return argumentsOf(course.stage, command);
}

/** The command line of what is killed. */
export function argumentsOf({ workflow, planFile }: Pick<Stage, "workflow" | "planFile">, command: KilledCommand): readonly string[] {
  return command === "apply" ? ["apply", planFile] : ["run", workflow, ...(command === "run" ? [] : ["--native"])];
}

function targetOf(point: Extract<KillPoint, { at: "write" }>): AmbushTarget {
  const [method, path] = REQUESTS[point.write];
  const { moment, skip, pile } = point;
  return { matches: (requested, at) => requested === method && path.test(at), moment, skip, pile };
}
