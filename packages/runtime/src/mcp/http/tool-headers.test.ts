import { expect, test } from "vitest";
import { createRedactor } from "../../base/index.ts";
import { createToolHeaders } from "./tool-headers.ts";

test("a tool that is left out is named without a secret, not even a part of one that would be cut", () => {
  const redactor = createRedactor();
  redactor.register("swordfish-1234", "TOKEN");
  const lines: string[] = [];
  const headers = createToolHeaders(() => true, (text) => redactor.redact(text), (line) => lines.push(line));
  const inputSchema = { type: "object", properties: { id: { type: "string", "x-mcp-header": "not a header\u0000" } } };
  expect(headers.admit([{ name: `${"t".repeat(90)}swordfish-1234`, inputSchema } as never])).toEqual([]);
  expect(lines).toEqual([expect.stringContaining("is left out")]);
  expect(lines.join()).not.toContain("swordf");
});
