import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createFakeClock } from "../../../packages/runtime/src/testing/fake-clock.ts";
import { pasteRedirect } from "./paste-redirect.ts";

const LOGIN = new URL("https://auth.example/authorize");

function pasting(): { readonly input: PassThrough; readonly notes: string[]; readonly clock: ReturnType<typeof createFakeClock>; readonly interrupt: AbortController; readonly redirectUrl: string; readonly answer: Promise<unknown> } {
  const input = new PassThrough();
  const notes: string[] = [];
  const clock = createFakeClock();
  const interrupt = new AbortController();
  const interaction = pasteRedirect({ input, terminal: { note: (text) => void notes.push(text) }, signal: interrupt.signal, clock, timeoutMs: 60_000, port: 0 });
  return { input, notes, clock, interrupt, redirectUrl: interaction.redirectUrl, answer: interaction.authorize(LOGIN, "state").catch((error: unknown) => error) };
}

test("the address that the browser ended at is read, whatever was pasted before it", async () => {
  const { input, notes, clock, redirectUrl, answer } = pasting();
  input.write(`\nhttps://auth.example/done?code=1\n  ${redirectUrl}?code=right&state=s  \n`);
  expect(String(await answer)).toBe("code=right&state=s");
  expect(notes[0]).toContain(LOGIN.href);
  expect(notes[1]).toContain("That is not it");
  expect(clock.sleepers).toBe(0);
});

test("three wrong ones are enough, and so is the end of the input", async () => {
  const wrong = pasting();
  wrong.input.write("a\nb\nc\n");
  expect(await wrong.answer).toMatchObject({ code: "LOGIN_NEEDED" });
  const ended = pasting();
  ended.input.end();
  expect(await ended.answer).toMatchObject({ code: "LOGIN_NEEDED" });
});

test("nobody pastes: the wait ends in time, and with Ctrl-C", async () => {
  const late = pasting();
  await late.clock.advance(60_000);
  expect(await late.answer).toMatchObject({ code: "LOGIN_NEEDED", message: expect.stringContaining("within 1m") as string });
  const stopped = pasting();
  stopped.interrupt.abort(new Error("Interrupted."));
  expect(await stopped.answer).toMatchObject({ message: "Interrupted." });
});
