import type { JsonObject } from "../base/index.ts";
import type { ExportNeeds, ExportSource } from "../bundle/index.ts";
import { EMPTY_LOCK, NOTHING_LEARNT } from "../tools/index.ts";
import { programOf } from "./compile-source.ts";

/** What stands around the body of a workflow that is exported. */
interface Around {
  readonly on?: string;
  readonly body?: string;
  readonly name?: string;
  readonly settings?: JsonObject;
  readonly servers?: ExportSource["servers"];
  readonly needs?: Partial<ExportNeeds>;
}

/** What an export is made from, around a small workflow. */
export function exportSourceOf({ on = "", body = "await world.create({ title: \"a\" });", name = "leaks", settings = {}, servers = {}, needs = {} }: Around): ExportSource {
  const program = programOf(`
import { approve, cron, every, once, queue, resource, sleep, waitFor, webhook, workflow } from "offstage";
import { world } from "#servers";
export default workflow({ name: "${name}", description: "Tickets for leaks.", on: [${on}] }, async (${body.includes("event") ? "{ event }" : ""}) => {
${body}
});
`, "reads-only");
  return { program, sources: new Map(), servers, inputs: [], settings, settingsText: "", lock: EMPTY_LOCK, learnt: NOTHING_LEARNT, profiles: [], serverTypes: "", needs: { variables: [], secrets: [], files: [], programs: [], ...needs } };
}
