// Loaded before the command line: at SIGUSR2 something fails that nobody catches, with the secrets in CANARIES in its words and in those of its cause.
import { readFileSync } from "node:fs";

process.on("SIGUSR2", () => {
  const words = readFileSync(process.env["CANARIES"] ?? "", "utf8");
  throw new Error(`connect ECONNREFUSED ${words}`, { cause: new Error(words) });
});
