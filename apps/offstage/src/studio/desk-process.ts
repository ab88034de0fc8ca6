// The work of a desk in a process of its own, for the one that serves (desk-apart.ts).
import { Worker } from "node:worker_threads";
import { createRedactor, OffstageError } from "offstage/base";
import type { Told } from "offstage/studio";
import type { CommandIo } from "../command-io.ts";
import { readEnvironment } from "../config/environment.ts";
import { guardProcess } from "../guard-process.ts";
import { createSystemClock } from "../system-clock.ts";
import { createTerminal } from "../terminal.ts";
import { deskMessage, deskText, type ToDesk } from "./desk-messages.ts";
import { createProjectDesk, type ProjectDesk } from "./project-desk.ts";

const redactor = createRedactor();
guardProcess(redactor);
// A terminal and a service manager tell all processes of a group. This one is ended by whoever it works for, which lets it come to an end.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

endWith(Number(process.argv[3]));

const stop = new AbortController();
const asked = new Map<number, AbortController>();
let desk: ProjectDesk | undefined;

process.on("message", (text) => {
  const message = deskMessage<ToDesk>(text);
  if (message.kind === "begin") desk = createProjectDesk(ioOf(message));
  else if (message.kind === "cancel") asked.get(message.id)?.abort(new OffstageError("CANCELLED", message.why));
  else if (desk !== undefined) void answer(desk, message);
});
process.once("disconnect", () => {
  stop.abort(new OffstageError("CANCELLED", "Interrupted."));
  void (desk?.settled() ?? Promise.resolve()).finally(() => process.exit());
});

/** It may be busy with what nobody waits for any more, and hears nothing then: a thread of its own looks whether it still works for somebody. */
function endWith(parent: number): void {
  const watch = `setInterval(() => { if (process.ppid !== ${parent}) process.kill(process.pid, "SIGKILL"); }, 1000);`;
  new Worker(watch, { eval: true }).unref();
}

async function answer(at: ProjectDesk, { id, act, args }: Extract<ToDesk, { readonly kind: "ask" }>): Promise<void> {
  const cancel = new AbortController();
  asked.set(id, cancel);
  // Each takes a signal behind its arguments.
  const told = await (at[act] as (...given: readonly unknown[]) => Promise<Told>)(...args, cancel.signal);
  asked.delete(id);
  // Who asked may be gone.
  if (process.connected) process.send?.(deskText({ id, told }), () => undefined);
}

function ioOf({ projectFolder, program, ownCode }: Extract<ToDesk, { readonly kind: "begin" }>): CommandIo {
  const clock = createSystemClock();
  const nowhere = { write: () => undefined };
  return {
    terminal: createTerminal({ stdout: nowhere, stderr: nowhere, noColor: true, redactor, now: () => clock.now() }),
    clock, redactor, projectFolder, json: false, cwd: process.cwd(), env: readEnvironment(), signal: stop.signal,
    ...(program === null ? {} : { program }), ...(ownCode ? { ownCode } : {}),
    answer: () => undefined,
    action: () => () => Promise.resolve(),
  };
}
