import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { learnShapes } from "./learn.ts";

// Writes demo/project/offstage.learnt.json anew, from the real servers. Run it when a server or the emulators change, and look at the diff.

const dir = mkdtempSync(join(tmpdir(), "offstage-learn-"));
try {
  writeFileSync(new URL("project/offstage.learnt.json", import.meta.url), await learnShapes(dir));
} finally {
  rmSync(dir, { recursive: true, force: true });
}
