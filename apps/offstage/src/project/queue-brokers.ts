import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { type Clock, OffstageError } from "offstage/base";
import type { Program } from "offstage/program";
import { createBroker, type QueueBroker } from "offstage/triggers/queue";
import { SETTINGS_FILE } from "../config/settings.ts";
import type { Project } from "./load-project.ts";

/**
 * The brokers of the queues that triggers of these programs name, those that are `known` as they are; nothing is connected yet. Errors: `CONFIG_INVALID` for one that nobody described, `QUEUE_CLIENT_MISSING`,
 * `SECRET_MISSING`, `SECRET_TOO_SHORT`.
 */
export async function brokersOf(project: Project, programs: readonly Program[], clock: Clock, known: readonly QueueBroker[]): Promise<readonly QueueBroker[]> {
  const wanted = [...new Set(programs.flatMap(({ triggers }) => triggers.flatMap((trigger) => (trigger.kind === "queue" ? [trigger.name] : []))))];
  for (const name of wanted) if (!project.settings.queues.some((one) => one.name === name)) throw unknown(name);
  return Promise.all(wanted.map(async (name) => known.find((one) => one.name === name) ?? brokerOf(project, name, clock)));
}

/** The broker of a queue that the project describes. */
export async function brokerOf(project: Project, name: string, clock: Clock): Promise<QueueBroker> {
  // People see it in the broker; the random part tells it from a process that had this pid before, or has it in another container.
  const consumer = `${hostname()}-${process.pid}-${randomBytes(4).toString("hex")}`;
  const make = (): Promise<QueueBroker> => createBroker(project.queue(name), { clock, consumer });
  // A connection that breaks may be made with another password: secrets are rotated.
  return { ...(await make()), open: async () => (await make()).open() };
}

function unknown(name: string): OffstageError {
  return new OffstageError("CONFIG_INVALID", `A workflow listens to the queue ${name}, of which ${SETTINGS_FILE} says nothing.`, { hint: `Say where it is: queues: { ${name}: { kind: redis, url: "\${env:REDIS_URL}", stream: ${name} } }` });
}
