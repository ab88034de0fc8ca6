import { afterAll, beforeAll, expect, test } from "vitest";
import { NO } from "../testing/chat.ts";
import { createServedStudio, type ServedStudio, STUDIO_TOKENS } from "../testing/served-studio.ts";

let served: ServedStudio;
beforeAll(async () => void (served = await createServedStudio()), 60_000);
afterAll(() => served.close());

test("an operator comes in over HTTP, and nobody else", async () => {
  const status = async (headers: Readonly<Record<string, string>>): Promise<number> => (await fetch(served.url, { method: "POST", body: "{}", headers: { "content-type": "application/json", ...headers } })).status;
  const authorization = `Bearer ${STUDIO_TOKENS.ADA}`;
  expect(await Promise.all([status({}), status({ authorization: "Bearer wrong-0123456789abcdef" }), status({ authorization: `Bearer ${STUDIO_TOKENS.EVE}` }), status({ authorization, origin: "http://evil.example" })])).toEqual([401, 401, 403, 403]);
  const chat = await served.open({ person: () => NO });
  expect((await chat.call("find_tools", { words: "list requests" })).text).toContain("desk.list_requests(");
  await chat.close();
}, 60_000);

test("without a token of an operator it is not opened, and what to write is told", async () => {
  served.desk.write("offstage.yaml", "serve: { mcp: true }\n");
  expect(await served.desk.run("serve")).toMatchObject({ code: 2, err: expect.stringMatching(/offstage\.yaml:1:\d+ error CONFIG_INVALID[^]*role: operator/) as string });
}, 60_000);
