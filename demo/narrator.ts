import { createInterface } from "node:readline/promises";
import { styleText } from "node:util";

/** Tells the story on standard output: acts, what each is about, the command as one would type it. */
export interface Narrator {
  /** Begins the next numbered act; interactive, it first waits for Enter, for some seconds. */
  readonly act: (title: string, explanation: string) => Promise<void>;
  readonly say: (text: string) => void;
  readonly command: (args: readonly string[]) => void;
}

const READING_MS = 20_000;

/** `signal` ends a wait for Enter. */
export function createNarrator(options: { readonly interactive: boolean; readonly signal: AbortSignal }): Narrator {
  let acts = 0;
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  // styleText leaves colours out by itself when standard output is no terminal or NO_COLOR is set.
  const bold = (text: string): string => styleText("bold", text, { stream: process.stdout });
  const dim = (text: string): string => styleText("dim", text, { stream: process.stdout });
  return {
    act: async (title, explanation) => {
      if (options.interactive && acts > 0) await waitForEnter(options.signal);
      acts += 1;
      print(`\n${bold(`${acts}. ${title}`)}\n${explanation}`);
    },
    say: print,
    command: (args) => print(`\n${dim("$")} ${bold(["npx offstage", ...args].join(" "))}`),
  };
}

/** Waits for Enter, but not for ever: a demo that nobody watches must end too. */
async function waitForEnter(signal: AbortSignal): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    await lines.question("\nPress Enter to go on. ", { signal: AbortSignal.any([signal, AbortSignal.timeout(READING_MS)]) });
  } catch {
    // Nobody pressed it, or the demo is ending: the next step looks at the signal itself.
  } finally {
    lines.close();
  }
}
