// The entry of a process that works for one that serves: it ends, and the compiler's memory with it. Its argument is the module with the work.
import { writeFileSync } from "node:fs";
import { enableCompileCache } from "node:module";

enableCompileCache();
try {
  // Where memory runs out this process goes, and not the one that serves.
  writeFileSync("/proc/self/oom_score_adj", "1000");
} catch {
  // There is no such thing here.
}
await import(process.argv[2] ?? "");
