import { afterAll, beforeAll, expect, test } from "vitest";
import { NO, YES } from "../testing/chat.ts";
import { planIn } from "../testing/desk-chats.ts";
import { createServedStudio, type ServedStudio } from "../testing/served-studio.ts";

const GREET = `import { once, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "greet", description: "d", on: [], limits: { writes: 5 } }, async () => { await once("hello", () => desk.say({ text: "Hello over HTTP" })); });
`;

let served: ServedStudio;
beforeAll(async () => void (served = await createServedStudio()), 60_000);
afterAll(() => served.close());

test("an operator drafts, plans and applies over HTTP what the service then drives", async () => {
  const chat = await served.open({ person: () => YES });
  expect(await chat.call("write", { file: "greet", text: GREET })).toMatchObject({ failed: false });
  const plan = planIn(await chat.call("plan", { workflow: "greet" }));
  const refusing = await served.open({ person: () => NO });
  expect(await refusing.call("apply", { plan })).toMatchObject({ failed: true });
  // Nobody can be asked there: it is told what to do.
  const older = await served.open({ person: () => YES, era: "legacy" });
  expect(await older.call("apply", { plan })).toMatchObject({ failed: true, text: expect.stringContaining(`offstage apply ${plan}`) as string });
  expect(await chat.call("apply", { plan })).toMatchObject({ failed: false, text: expect.stringContaining("1 write") as string });
  expect(served.desk.writes().filter((write) => write.includes("over HTTP"))).toHaveLength(1);
  // Whoever serves has its lease still, and drives on.
  expect(await served.isReady()).toBe(true);
  expect((await chat.call("runs", {})).text).toContain("greet");
  await Promise.all([chat, refusing, older].map((one) => one.close()));
}, 60_000);
