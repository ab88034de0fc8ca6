// The entry of a test file's thread: what it loads was compiled by the thread before it, in most cases.
import { enableCompileCache } from "node:module";

enableCompileCache();
await import("./test-thread.ts");
