import type { JsonObject } from "offstage/base";
import { unusedSources } from "offstage/bundle";
import type { Program } from "offstage/program";
import { parseDocument } from "yaml";

/** `offstage.yaml` for one workflow: its text, its data, and what was left out of it. */
export interface TrimmedSettings {
  readonly text: string;
  readonly data: JsonObject;
  readonly leftOut: readonly string[];
}

/** Without the webhooks and queues of other workflows, whose secrets `serve` would ask for; comments and all else stay as they are. */
export function trimSettings(text: string, data: JsonObject, program: Program): TrimmedSettings {
  const unused = unusedSources(data, program);
  if (unused.length === 0) return { text, data, leftOut: [] };
  const document = parseDocument(text);
  for (const path of unused) document.deleteIn(path);
  for (const section of ["webhooks", "queues"]) if (Object.keys((document.toJS() as Record<string, object>)[section] ?? {}).length === 0) document.delete(section);
  return { text: document.toString({ lineWidth: 0 }), data: (document.toJS() ?? {}) as JsonObject, leftOut: unused.map((path) => path.join(".")) };
}
