// Writes docs/exports.md from what the exporters make of three workflows.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportAll } from "./exports/exported.ts";
import { exportsDocument } from "./exports/exports-document.ts";

writeFileSync(join(import.meta.dirname, "../docs/exports.md"), exportsDocument(await exportAll()));
