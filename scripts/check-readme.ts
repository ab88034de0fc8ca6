import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readFences } from "./docs/fences.ts";
import { missingFrom } from "./docs/quoted-output.ts";

// Compares what README.md quotes of the demo (its `console demo` blocks) with what the demo printed, in a file that is named.

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write("npm run check:readme -- FILE, which `npm run demo -- --non-interactive > FILE` has made\n");
  process.exit(2);
}

const real = readFileSync(file, "utf8");
const quoted = readFences(readFileSync(join(import.meta.dirname, "../README.md"), "utf8")).filter(({ language, words }) => language === "console" && words.includes("demo"));
const faults = quoted.flatMap(({ line, text }) => {
  const missing = missingFrom(real, text);
  return missing === null ? [] : [`README.md:${line}: the demo does not print this any more, or not here:\n${missing}`];
});
if (quoted.length === 0) faults.push("README.md quotes nothing of the demo.");
process.stdout.write(faults.length === 0 ? `README.md quotes ${quoted.length} parts of the demo, as they are.\n` : `${faults.join("\n\n")}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
