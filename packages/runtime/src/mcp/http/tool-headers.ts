import { type Data, shorten } from "../../base/index.ts";
import type { ListItem } from "../read-list.ts";
import { type HeaderParam, headerParams, paramHeaders } from "./param-headers.ts";

/** What the tools of one connection want to have in headers. */
export interface ToolHeaders {
  /** The tools without those whose marks break the rules, which nobody may call; the log says which. */
  admit(tools: readonly ListItem[]): readonly ListItem[];
  /** The headers of one call; none of a tool that was not listed yet. */
  of(tool: string, args: { readonly [name: string]: Data }): Readonly<Record<string, string>>;
}

const NONE = Object.freeze({});

/** `isActive` where requests have headers and the server is of the era that reads them. */
export function createToolHeaders(isActive: () => boolean, redact: (text: string) => string, log: (line: string) => void): ToolHeaders {
  const marked = new Map<string, readonly HeaderParam[]>();
  return {
    admit(tools) {
      if (!isActive()) return tools;
      marked.clear();
      return tools.filter((tool) => {
        const found = headerParams(tool["inputSchema"]);
        const name = tool["name"] as string;
        if (found.ok && found.params.length > 0) marked.set(name, found.params);
        if (!found.ok) log(`protocol: its tool ${shorten(redact(name), 100)} is left out: ${shorten(redact(found.why), 200)} (x-mcp-header)`);
        return found.ok;
      });
    },
    of(tool, args) {
      const params = marked.get(tool);
      return params === undefined ? NONE : paramHeaders(params, args);
    },
  };
}
