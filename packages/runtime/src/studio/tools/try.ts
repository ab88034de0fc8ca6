import { z } from "zod";
import { type Data, type JsonObject, stringifyExact } from "../../base/index.ts";
import type { Told } from "../desk.ts";
import { studioTool, toldAnswer } from "../studio-tool.ts";

/** One call of a tool that reads: what it answers, and what its type is from then on. */
export const tryRead = studioTool({
  name: "try_read",
  description: "Call a tool that only reads, to see what it answers; from then on workflows know the type of its result. Writes are refused.",
  input: z.object({ tool: z.string().describe("server.tool"), args: z.record(z.string(), z.unknown()).default({}) }),
  readOnly: false,
  adds: true,
  async run(session, { tool, args }, { signal }) {
    const called = await session.desk.call(tool, args as JsonObject, signal);
    if (!called.ok) return toldAnswer(session, called);
    const known = await session.desk.tools([tool], signal);
    return toldAnswer(session, { ...called, text: `${headOf(known)}\n\n${shownText(called.data)}` });
  },
});

/** How it is called, the first line of what is told of a tool, and what its types are called. */
function headOf({ text, data: known }: Told): string {
  const { type = "" } = (known ?? {}) as { readonly type?: string };
  return `${text.split("\n")[0] ?? ""}${type === "" ? "" : `\ntype ${type}`}`;
}

function shownText(shown: Data): string {
  return typeof shown === "string" ? shown : stringifyExact(shown);
}
