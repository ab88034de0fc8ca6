import { AppBridge, PostMessageTransport } from "@modelcontextprotocol/ext-apps/app-bridge";
import type { CallToolResult } from "@modelcontextprotocol/client";

// The smallest host of a view, in a page: a frame without an origin of its own, and what the library of MCP Apps has for hosts. What a view calls is handed to whoever drives the page.

interface HostPage {
  readonly document: { querySelector(selector: string): { contentWindow: never; srcdoc: string } | null };
  callTool(params: string): Promise<string>;
  told(context: string): Promise<void>;
  show(html: string, result: string): Promise<void>;
  again(result: string): Promise<void>;
}

const page = globalThis as unknown as HostPage;

/** Shows a view, and hands it the result that it is for. */
page.show = async (html, result) => {
  const frame = page.document.querySelector("iframe");
  if (frame === null) throw new Error("The page has no frame.");
  const bridge = new AppBridge(null, { name: "host", version: "1" }, { serverTools: {}, updateModelContext: {} });
  const begun = Promise.withResolvers<void>();
  bridge.oninitialized = () => begun.resolve();
  bridge.oncalltool = async (params) => JSON.parse(await page.callTool(JSON.stringify(params))) as CallToolResult;
  bridge.onupdatemodelcontext = async (params) => {
    await page.told(JSON.stringify(params));
    return {};
  };
  await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
  frame.srcdoc = html;
  await begun.promise;
  page.again = (next) => bridge.sendToolResult(JSON.parse(next) as CallToolResult);
  await bridge.sendToolInput({ arguments: {} });
  await bridge.sendToolResult(JSON.parse(result) as CallToolResult);
};
