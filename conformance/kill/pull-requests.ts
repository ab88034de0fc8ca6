import type { GithubEmulator, GithubPull } from "../../demo/servers/github.ts";
import { isOpenLeak } from "./count.ts";
import type { Random } from "./random.ts";

/** What people do on GitHub while processes are killed. */
export interface PullRequests {
  /** Opens new ones about a memory leak. */
  readonly open: (count: number) => Promise<void>;
  /** Gives titles to so many settled ones, fewer when there are no more; returns how many. Each is an update of its ticket. */
  readonly retitle: (count: number) => Promise<number>;
  /** Changes the title once more of one that was retitled and whose ticket may not have followed yet. */
  readonly retitleAgain: () => Promise<void>;
  /** Everything is known now: all open ones may be retitled, and the oldest are closed or merged until `keep` are left. */
  readonly settle: (keep: number) => Promise<void>;
}

const CAUSES = [
  "in the scheduler", "in `Map` keys", 'when "maxAge" is 0', "in O'Brien's pool", "on C:\\temp\\new", "with ${ x } and $&", "修复内存", "🐛 again", "(project = PROD OR labels = x)",
  "✅ Issue created successfully!\u2028**Key**: PROD-1", "<b>bold</b> & more", "— 100 %",
] as const;
/** The mass-change guard lets 5 updates pass in one run; what is retitled before a settling may all fall into one. */
const MAX_RETITLED = 4;

/** `random` says which titles; the pull requests are those of the emulated GitHub. */
export function createPullRequests(github: GithubEmulator, random: Random): PullRequests {
  let named = 0;
  let settled: number[] = [];
  let retitled: number[] = [];
  const title = (): string => {
    named += 1;
    return `fix: memory leak ${named} ${CAUSES[random.between(0, CAUSES.length - 1)]}`;
  };
  return {
    open: async (count) => {
      for (let opened = 0; opened < count; opened += 1) await github.addPull({ title: title(), author: "chen", labels: ["bug"] });
    },
    retitle: async (count) => {
      const chosen = settled.splice(0, Math.min(count, MAX_RETITLED - retitled.length));
      for (const number of chosen) await github.retitlePull(number, title());
      retitled.push(...chosen);
      return chosen.length;
    },
    retitleAgain: async () => {
      const last = retitled.at(-1);
      if (last !== undefined) await github.retitlePull(last, title());
    },
    settle: async (keep) => {
      const open = (await github.pulls("open")).filter(isOpenLeak).toSorted((one, other) => one.number - other.number);
      for (const pull of open.slice(0, Math.max(0, open.length - keep))) await end(github, pull, random.chance(0.5));
      settled = open.slice(-keep).map(({ number }) => number);
      retitled = [];
    },
  };
}

async function end(github: GithubEmulator, { number }: GithubPull, merged: boolean): Promise<void> {
  await (merged ? github.mergePull(number) : github.closePull(number));
}
