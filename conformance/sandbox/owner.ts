import { openCell } from "./cell.ts";

/** A process with a hostile server that ends of nothing by itself: it tells its home, and waits to be killed. */
const cell = openCell();
await cell.run(`for (const signal of ["SIGTERM", "SIGHUP", "SIGINT", "SIGPIPE"]) process.on(signal, () => {}); process.stdin.on("end", () => {}); setInterval(() => {}, 1000); return 1;`);
process.stdout.write(cell.home);
setInterval(() => undefined, 1_000);
