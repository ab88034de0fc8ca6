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
  // Needs come from somewhere: a server that is elsewhere names them.
  const named = [...(needs.variables ?? []).map(({ name: variable, fallback }) => `\${env:${variable}${fallback === null ? "" : `:-${fallback}`}}`), ...(needs.secrets ?? []).map((one) => `\${secret:${one.name}}`), ...(needs.files ?? []).map(({ path }) => `\${file:${path}}`)];
  const naming = named.length === 0 ? {} : { naming: { url: "https://naming.example/mcp", headers: { "x-all": named.join(" ") } } };
  const program = programOf(`
import { approve, ask, cron, every, once, queue, resource, sleep, waitFor, webhook, workflow } from "offstage";
import { world } from "#servers";
export default workflow({ name: "${name}", description: "Tickets for leaks.", on: [${on}] }, async (${body.includes("event") ? "{ event }" : ""}) => {
${body}
});
`, "reads-only");
  return { program, sources: new Map(), servers: { ...servers, ...naming }, inputs: [], settings, settingsText: "", lock: EMPTY_LOCK, learnt: NOTHING_LEARNT, profiles: [], serverTypes: "", serverFiles: [], packages: {}, needs: { variables: [], secrets: [], files: [], programs: [], ...needs } };
}
