import { z } from "zod";
import { studioTool, toldAnswer } from "../studio-tool.ts";

/** Tools of all servers, by words. */
export const find = studioTool({
  name: "find_tools",
  description: "Search the tools of all connected servers by words; `server.tool` shows one whole, `server` lists its tools. Says which read and which write.",
  input: z.object({ words: z.string().describe("what it should do, e.g. `list pull requests`") }),
  readOnly: true,
  async run(session, { words }, { signal }) {
    return toldAnswer(session, await session.desk.tools(words.split(/\s+/).filter((word) => word !== ""), signal));
  },
});
