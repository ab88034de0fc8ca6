import { randomInt } from "node:crypto";
import { createInterface } from "node:readline/promises";
import type { Readable } from "node:stream";
import { type Clock, formatDuration, OffstageError } from "offstage/base";
import type { Interaction } from "offstage/mcp";
import type { Terminal } from "./terminal.ts";

/** Ports that nobody is assigned. */
const FIRST_FREE = 49_152;
const LAST_FREE = 65_535;
const TRIES = 3;

/** How a person is asked on a machine without a browser. */
export interface PasteOptions {
  readonly input: Readable;
  readonly terminal: Pick<Terminal, "note">;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** How long they may take, ms. */
  readonly timeoutMs: number;
  /** 0: any. Nothing listens there. */
  readonly port: number;
}

/** Shows the URL, and reads the one that the browser was sent back to, which shows an error there, and has the answer in its address. */
export function pasteRedirect({ input, terminal, signal, clock, timeoutMs, port }: PasteOptions): Interaction {
  const redirectUrl = `http://127.0.0.1:${port === 0 ? randomInt(FIRST_FREE, LAST_FREE + 1) : port}/callback`;
  return {
    redirectUrl,
    async authorize(url) {
      terminal.note(`Open this in a browser, on any machine:\n\n${url.href}\n\nAfter the login it cannot reach a page at ${redirectUrl}. That is right: copy the whole address from there, paste it here, and press Enter:`);
      const lines = createInterface({ input, crlfDelay: Infinity });
      const over = new AbortController();
      const late = new AbortController();
      void clock.sleep(timeoutMs, over.signal).then(() => late.abort(nothingCame(`within ${formatDuration(timeoutMs)}`)));
      try {
        return await readAnswer(lines, redirectUrl, { terminal, signal: AbortSignal.any([signal, late.signal]) });
      } finally {
        over.abort();
        lines.close();
      }
    },
    close: () => Promise.resolve(),
  };
}

async function readAnswer(lines: AsyncIterable<string>, redirectUrl: string, { terminal, signal }: Pick<PasteOptions, "terminal" | "signal">): Promise<URLSearchParams> {
  const iterator = lines[Symbol.asyncIterator]();
  for (let tries = 0; tries < TRIES; ) {
    const line = await orAborted(iterator.next(), signal);
    if (line.done === true) break;
    const text = line.value.trim();
    if (text === "") continue;
    if (URL.canParse(text) && text.startsWith(`${redirectUrl}?`)) return new URL(text).searchParams;
    tries += 1;
    terminal.note(`That is not it: it begins with ${redirectUrl}?`);
  }
  throw nothingCame("");
}

function nothingCame(when: string): OffstageError {
  return new OffstageError("LOGIN_NEEDED", `No address was pasted${when === "" ? "" : ` ${when}`}.`, { hint: "Begin again: the browser's address is the one when the login is done." });
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
