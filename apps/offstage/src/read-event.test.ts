import { expect, test } from "vitest";
import { readEvent } from "./read-event.ts";

const IO = { cwd: "/" };

async function* piped(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part, "latin1");
}

test("an event is read from stdin, however it is cut, with its exact integers", async () => {
  const text = Buffer.from('{"body":["é",9007199254740993]}', "utf8").toString("latin1");
  const event = await readEvent(IO, "-", piped(text.slice(0, 11), text.slice(11)));
  expect(event).toMatchObject({ body: ["é", { digits: "9007199254740993" }] });
});

test.each([["", /stdin holds is no event: This is not JSON/], ["\u00ff", /not UTF-8/]])("what is no event is refused: %j", async (text, message) => {
  await expect(readEvent(IO, "-", piped(text))).rejects.toMatchObject({ code: "EVENT_INVALID", message: expect.stringMatching(message) as string });
});

test("no more is read than any run could hold", async () => {
  let read = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      read += 1;
      yield new Uint8Array(1 << 20);
    }
  }
  await expect(readEvent(IO, "-", endless())).rejects.toMatchObject({ code: "EVENT_INVALID", message: expect.stringContaining("10 MiB") as string });
  expect(read).toBe(11);
});

test("nor of a file that does not say how long it is", async () => {
  await expect(readEvent(IO, "/dev/zero")).rejects.toMatchObject({ code: "EVENT_INVALID", message: expect.stringContaining("/dev/zero is larger than 10 MiB") as string });
  await expect(readEvent(IO, "nowhere.json")).rejects.toMatchObject({ code: "USAGE", message: expect.stringContaining("nowhere.json cannot be read") as string });
  await expect(readEvent(IO, "tmp")).rejects.toMatchObject({ code: "USAGE" });
});
