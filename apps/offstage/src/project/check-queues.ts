import { type Clock, isOffstageError } from "offstage/base";
import type { Project } from "./load-project.ts";
import { brokerOf } from "./queue-brokers.ts";

/** What the 3 a.m. check says about one queue. */
export interface QueueFinding {
  readonly queue: string;
  readonly state: "fine" | "fails";
  readonly what: string;
  readonly hint: string | null;
}

/** Looks at every queue of the project: its secrets, its client; with `connects` whether its broker answers, which takes no message. */
export function checkQueues(project: Project, { clock, connects }: { readonly clock: Clock; readonly connects: boolean }): Promise<readonly QueueFinding[]> {
  return Promise.all(project.settings.queues.map(({ name }) => lookAt(project, name, clock, connects)));
}

async function lookAt(project: Project, queue: string, clock: Clock, connects: boolean): Promise<QueueFinding> {
  try {
    const broker = await brokerOf(project, queue, clock);
    if (connects) await (await broker.open()).close();
    return { queue, state: "fine", what: connects ? "its broker answers" : "what it needs is there", hint: null };
  } catch (error) {
    if (!isOffstageError(error) || error.code === "BUG") throw error;
    return { queue, state: "fails", what: error.message, hint: error.hint ?? null };
  }
}
