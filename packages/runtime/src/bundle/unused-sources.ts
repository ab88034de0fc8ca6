import type { JsonObject } from "../base/index.ts";
import type { Program } from "../program/index.ts";

/** What settings describe of webhooks and queues and the workflow does not listen to, as `["webhooks", "shop"]`: their secrets would be wanted too. */
export function unusedSources(settings: JsonObject, program: Program): readonly (readonly ["webhooks" | "queues", string])[] {
  const used = { webhooks: sourcesOf(program), queues: queuesOf(program) };
  return (["webhooks", "queues"] as const).flatMap((section) => Object.keys((settings[section] ?? {}) as JsonObject).flatMap((name) => (used[section].has(name) ? [] : [[section, name] as const])));
}

/** Sources of webhooks, of its triggers and of steps that wait for a delivery, in what it calls too. */
export function sourcesOf(program: Program): ReadonlySet<string> {
  return new Set([...textOf(program).matchAll(/"kind":"webhook","source":"([a-z0-9-]+)"/g)].map(([, source = ""]) => source));
}

function queuesOf(program: Program): ReadonlySet<string> {
  return new Set([...textOf(program).matchAll(/"kind":"queue","name":"([\w.-]+)"/g)].map(([, name = ""]) => name));
}

function textOf(program: Program): string {
  return JSON.stringify({ ...program, debug: null });
}
