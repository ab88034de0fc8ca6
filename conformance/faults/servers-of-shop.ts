import { type CommandProcess, startCommand } from "../../apps/offstage/src/testing/command-process.ts";
import { SECRETS, type Shop } from "./shop-project.ts";

/** What a process was doing when something befell it. */
export const PHASES = ["starting", "following", "leading, with nothing to do", "leading, with runs under way"] as const;
/** One of {@link PHASES}. */
export type Phase = (typeof PHASES)[number];

/** One `offstage serve` after another, in one place. */
export interface Serving {
  phase(): Phase;
  pid(): number;
  /** SIGKILL, and another one in its place. Tells in which phase it was. */
  kill(): Promise<Phase>;
  /** Starts one where it has ended by itself, as whoever looks after it does. True: it had. */
  revive(): boolean;
  /** Kills it, and starts none any more. */
  abandon(): void;
  /** SIGTERM. Its exit code, and what it said. */
  end(): Promise<{ readonly code: number | null; readonly err: string }>;
}

/** `env`: besides what the shop needs. */
export function startServing(shop: Shop, place: 0 | 1, env: Readonly<Record<string, string>> = {}): Serving {
  let process: CommandProcess;
  let said = "";
  let hasEnded = false;
  const start = (): void => {
    said = "";
    hasEnded = false;
    const started = startCommand(shop.places[place].project.folder, ["serve"], null, { ...SECRETS, ...env });
    process = started;
    started.child.stderr.on("data", (text: string) => {
      if (process === started) said += text;
    });
    void started.ended.then(() => {
      if (process === started) hasEnded = true;
    });
  };
  start();
  const phase = (): Phase => phaseOf(said);
  return {
    phase,
    pid: () => process.child.pid ?? 0,
    async kill() {
      const was = phase();
      process.child.kill("SIGKILL");
      await process.ended;
      start();
      return was;
    },
    revive() {
      if (!hasEnded) return false;
      start();
      return true;
    },
    abandon: () => void process.child.kill("SIGKILL"),
    async end() {
      process.child.kill("SIGTERM");
      return process.ended;
    },
  };
}

function phaseOf(said: string): Phase {
  const roles = said.match(/(?:this process|another process) drives/g) ?? [];
  if (roles.length === 0) return "starting";
  if (roles.at(-1) !== "this process drives") return "following";
  const of = (word: string): number => said.match(new RegExp(`^\\S+ (?:${word}) `, "gm"))?.length ?? 0;
  return of("begun|resumed") > of("ended|parked") ? "leading, with runs under way" : "leading, with nothing to do";
}
