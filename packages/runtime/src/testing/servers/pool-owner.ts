import { createWatchedPool, stubbornServer } from "../workshop.ts";

/**
 * A process that starts a server which resists its end, tells the pids on stdout, and then ends in the way that its
 * argument says: `exits`, `throws`, or `waits` until somebody kills it.
 */
const watched = createWatchedPool([stubbornServer()]);
const reply = await (await watched.pool.session("stubborn")).call("pid", {}, { timeoutMs: 25_000 });
const sleeper = (await watched.line("sleeper")).replace(/.*sleeper /, "");
const server = reply.kind === "result" ? (reply.content[0] as { readonly text: string }).text : "";
process.stdout.write(`${server} ${sleeper}\n`, () => {
  if (process.argv[2] === "exits") process.exit(0);
  if (process.argv[2] === "throws") {
    setImmediate(() => {
      throw new Error("meant to happen");
    });
  }
});
