import { formatDuration, type JsonObject } from "../base/index.ts";
import { type CompiledTrigger, compileTriggers } from "../engine/index.ts";
import type { Program, TriggerNode } from "../program/index.ts";
import type { Environment } from "./environment.ts";
import { checkedInputs } from "./input-check.ts";

/** A workflow whose triggers are listened to. */
export interface ServedWorkflow {
  readonly program: Program;
  /** What its runs get: its defaults, since no event gives inputs. */
  readonly inputs: JsonObject;
  readonly triggers: readonly ServedTrigger[];
}

/** A trigger with a name, under which what came for it is kept. */
export interface ServedTrigger extends CompiledTrigger {
  readonly name: string;
  /** What it listens to, in one text: `webhook:github`. Several triggers of a workflow may listen to the same. */
  readonly topic: string;
}

/** Makes a workflow ready to be started by events. Errors: `INPUT_INVALID` when it has an input without a default. */
export async function serveWorkflow(program: Program, environment: Pick<Environment, "redactor">): Promise<ServedWorkflow> {
  const inputs = await checkedInputs(environment, { program, inputs: {} });
  const count = new Map<string, number>();
  const triggers = compileTriggers(program).map((trigger) => {
    const name = nameOf(trigger.node);
    const before = count.get(name) ?? 0;
    count.set(name, before + 1);
    return { ...trigger, topic: name, name: before === 0 ? name : `${name} (${before + 1})` };
  });
  return { program, inputs, triggers };
}

/** What a trigger listens to, in one text; what it says besides (its filter, its jitter) may change without its past being forgotten. */
function nameOf(node: TriggerNode): string {
  switch (node.kind) {
    case "every":
      return `every ${formatDuration(node.intervalMs)}`;
    case "cron":
      return `cron ${node.expression.trim().split(/\s+/).join(" ")} ${node.timezone}`;
    case "webhook":
      return `webhook:${node.source}`;
    case "queue":
      return `queue:${node.name}`;
    case "resource":
      return `resource:${node.server}:${node.uri}`;
  }
}
