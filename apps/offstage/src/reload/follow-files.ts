import type { Bell, Clock } from "offstage/base";
import { changedFiles, type FileMarks } from "./watched-files.ts";

/** What {@link followFiles} needs. */
export interface FollowOptions {
  readonly clock: Clock;
  /** How the files are now. */
  readonly look: () => Promise<FileMarks>;
  /** How they were before anything was read of them. */
  readonly first: FileMarks;
  /** Whether changes are noticed; else they are looked at only when the bell is rung. */
  readonly watches: boolean;
  /** Rung when they are to be looked at now, quiet or not. */
  readonly bell: Bell;
  readonly stopping: AbortSignal;
  /**
   * Looks at the files, which were so; `asked`: somebody rang. Gives true when it came to an end with them, false when they changed meanwhile: then they are looked at again once they are
   * quiet. Must not reject.
   */
  readonly attempt: (asked: boolean) => Promise<boolean>;
}

/** How often files are looked at. Some mounts tell of no change, and a link that is put elsewhere is none of the file: asking works everywhere. Ms. */
const LOOK_MS = 1_000;

/** Calls `attempt` when files changed and then stayed as they are for a second: not in the middle of a `git pull`. */
export async function followFiles({ clock, look, first, watches, bell, stopping, attempt }: FollowOptions): Promise<void> {
  let [done, seen] = [first, first];
  let asked = false;
  while (!stopping.aborted) {
    await clock.sleep(LOOK_MS, AbortSignal.any([stopping, bell.heard()]));
    const rung = bell.heard().aborted;
    bell.hush();
    asked ||= rung;
    if (stopping.aborted || (!watches && !asked)) continue;
    const now = await look();
    const isQuiet = rung || changedFiles(seen, now).length === 0;
    seen = now;
    if (!isQuiet || (!asked && changedFiles(done, now).length === 0)) continue;
    if (!(await attempt(asked))) continue;
    [done, asked] = [now, false];
  }
}
