import type { Data } from "offstage/base";
import type { FakeTool } from "../../packages/runtime/src/testing/fake-tool.ts";

/** The tools that cases call, unless they bring their own. */
export const TOOLS: { readonly [name: string]: FakeTool } = {
  list: { effect: "read", answer: () => [1, 2, 3] },
  get: { effect: "read", answer: (args: { readonly [name: string]: Data }) => { if (args["missing"] === true) throw new Error("not there"); return args; } },
  create: { effect: "write", answer: (args) => args },
  resource: { effect: "read", answer: () => ({ contents: [{ uri: "file:///a", text: "A" }] }) },
  prompt: { effect: "read", answer: () => ({ messages: [] }) },
  ask: { effect: "read", answer: () => ({ yes: true }) },
  search: { effect: "read", consistent: true, answer: () => [] },
};
