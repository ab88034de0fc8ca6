import { expect, test } from "vitest";
import { exitFailure } from "./server-failures.ts";

const END = { code: 1, signal: null };

test("a server that ends before it is ready is told what its sandbox may have kept from it, where it has one", () => {
  expect(exitFailure("files", END, ["no such file"], { wasReady: false, sandboxed: true })).toMatchObject({ code: "SERVER_EXITED", message: expect.stringContaining("Its last words: no such file.") as string, hint: expect.stringMatching(/mcp\.json\. It runs in a sandbox/) as string });
  expect(exitFailure("files", END, [], { wasReady: false, sandboxed: false }).hint).not.toContain("sandbox");
  expect(exitFailure("files", END, [], { wasReady: true, sandboxed: true }).hint).not.toContain("sandbox");
});
