import { pruneStore } from "../host/index.ts";
import { openSqliteStore } from "../stores/sqlite/index.ts";
import { createFakeClock } from "./fake-clock.ts";

/** `prune-and-die.ts FILE NOW N`: removes what is over for a day at an instant, and is killed as it comes to its Nth transaction that writes; ends with 0 when it comes to none. */
const [file = "", now = "0", at = "0"] = process.argv.slice(2);
const clock = createFakeClock(Number(now));
const store = await openSqliteStore({ file, clock, lockTimeoutMs: 60_000 });
let left = Number(at);
const dying: typeof store = {
  ...store,
  transact: (how, body) => store.transact(how, async (tx) => {
    const result = await body(tx);
    // In the middle of it: all that it does is done, and nothing of it is stored yet.
    if (how.reads !== true && (left -= 1) === 0) process.kill(process.pid, "SIGKILL");
    return result;
  }),
};
await pruneStore({ store: dying, clock, retention: { runsMs: 86_400_000, eventsMs: 86_400_000 }, stopping: new AbortController().signal, pauseMs: 0 });
await store.close();
