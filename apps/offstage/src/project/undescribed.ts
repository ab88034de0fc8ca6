import type { TriggerNode } from "offstage/program";
import type { Settings } from "../config/settings.ts";

/** What a trigger listens to and the settings say nothing of, `webhook github`; null: it is described, or needs no description. */
export function undescribed(trigger: TriggerNode, { webhooks, queues }: Pick<Settings, "webhooks" | "queues">): string | null {
  if (trigger.kind === "webhook" && webhooks.every(({ name }) => name !== trigger.source)) return `webhook ${trigger.source}`;
  return trigger.kind === "queue" && queues.every(({ name }) => name !== trigger.name) ? `queue ${trigger.name}` : null;
}
