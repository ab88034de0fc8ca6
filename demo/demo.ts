import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { applyFirst, introduce, oneMore, planAgain, planFirst, prepare } from "./acts.ts";
import { createCli } from "./cli.ts";
import { startEmulators } from "./emulators.ts";
import { goOnAfterKill, killMidApply } from "./kill-act.ts";
import { createNarrator } from "./narrator.ts";
import { createDemoProject, newMark } from "./project.ts";
import type { Story } from "./story.ts";

/** How the demo is run. */
export interface DemoOptions {
  /** The project's folder; replaced when an earlier demo made it. */
  readonly dir: string;
  readonly interactive: boolean;
  /** Keep the two services running at the end, until `signal`. */
  readonly keep: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** How long Jira's search lags; the project's profile promises at most 2 s. */
const LAG_MS = 1500;

/**
 * Tells the whole story. Whatever happens, nothing that it started lives on when it settles. Rejects with DemoFault when a count is
 * wrong, and with an AbortError when the signal ended it.
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { signal } = options;
  const mark = newMark();
  const cli = createCli({ mark });
  const stop = (): void => void cli.stop();
  signal.addEventListener("abort", stop);
  const data = mkdtempSync(join(tmpdir(), "offstage-demo-"));
  try {
    const emulators = await startEmulators({ dir: data, lagMs: LAG_MS });
    try {
      const project = createDemoProject({ dir: options.dir, emulators, mark });
      const narrator = createNarrator({ interactive: options.interactive, signal });
      const story: Story = { emulators, project, folder: relative(process.cwd(), project.dir) || ".", cli, narrator, signal };
      await tell(story);
      await conclude(story, options);
    } finally {
      await cli.stop();
      await emulators.close();
    }
  } finally {
    signal.removeEventListener("abort", stop);
    rmSync(data, { recursive: true, force: true });
  }
}

async function tell(story: Story): Promise<void> {
  const planFile = (name: string): string => join(story.folder, ".offstage", `${name}.plan.json`);
  await introduce(story);
  await prepare(story);
  await planFirst(story, planFile("first"));
  await applyFirst(story, planFile("first"));
  await planAgain(story);
  await oneMore(story);
  await killMidApply(story, planFile("second"));
  await goOnAfterKill(story, planFile("second"));
}

async function conclude(story: Story, { keep, signal }: DemoOptions): Promise<void> {
  const { narrator, folder, project } = story;
  await narrator.act("Yours", `The project is in ${folder}: open it in an editor, every tool of both servers completes.`);
  const stored = [`npx offstage runs --project ${folder}`, `npx offstage show --project ${folder}     (the newest run; or give an id of that list)`];
  if (!keep) {
    narrator.say(["", "What happened is in its store:", ...stored.map((line) => `  ${line}`), "", "To try more, keep the two services running:", "  npm run demo -- --keep"].join("\n"));
    return;
  }
  const live = [`npx offstage plan ${project.workflow} --project ${folder}`, `npx offstage call jira.jira_search --args '{"action":"issues","jql":"project = PROD"}' --project ${folder}`];
  narrator.say(["", "Both services run until Ctrl-C. In another terminal, from this folder:", ...[...live, ...stored].map((line) => `  ${line}`)].join("\n"));
  if (!signal.aborted) await once(signal, "abort");
}
