import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { recordDemo } from "./record.ts";

// Writes the lock and the fixture of demo/project anew, from the real servers. Run it when a server, a profile or the emulators change, and look
// at the diff.

const dir = mkdtempSync(join(tmpdir(), "offstage-record-"));
try {
  for (const [path, text] of await recordDemo(dir)) {
    const file = fileURLToPath(new URL(`project/${path}`, import.meta.url));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}
