import { copyFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

// What npm packs of the library carries what `offstage mcp` gives models to read. Plain JavaScript: `npm pack` may run it under any Node.
const folder = new URL("../packages/runtime/docs/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const name of ["language-short.md", "language.md", "examples.md"]) copyFileSync(fileURLToPath(new URL(`../docs/${name}`, import.meta.url)), fileURLToPath(new URL(name, folder)));
