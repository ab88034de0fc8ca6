import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { playGuide } from "../../scripts/docs/play-guide.ts";

const PAGE = "your-own-servers.md";

/** Plays the guide with the servers that are installed, which `npx` finds in the project. Gives back what does not hold. */
export async function proveGuide(installed: string): Promise<readonly string[]> {
  const project = mkdtempSync(join(tmpdir(), "offstage-guide-"));
  try {
    mkdirSync(join(project, "notes"));
    for (const note of ["shopping", "holiday"]) writeFileSync(join(project, "notes", `${note}.md`), "…\n");
    symlinkSync(join(installed, "npm/all/node_modules"), join(project, "node_modules"));
    const markdown = readFileSync(new URL(`../../docs/guides/${PAGE}`, import.meta.url), "utf8");
    const given = await playGuide({ page: PAGE, markdown, project, rename: (command) => `npx ${command}` });
    return given < 8 ? [`only ${given} commands of ${PAGE} were given`] : [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}
