import type { Data } from "../base/index.ts";
import type { SeenEvent, WaitAnswer, Waits } from "../engine/index.ts";
import type { ApprovalAnswer, RunWait } from "../model/index.ts";

/** What the steps of a fake world wait for. It outlives the process. */
export class FakeWaits {
  readonly rows = new Map<string, RunWait & { readonly hash: string }>();
  /** What people said, by step. */
  readonly answers = new Map<string, ApprovalAnswer>();

  /** Events, by step. */
  readonly offered = new Map<string, SeenEvent[]>();

  /** Offers an event to a step. */
  offer(step: string, event: Data): void {
    const before = this.offered.get(step) ?? [];
    this.offered.set(step, [...before, { place: before.length + 1, event }]);
  }

  /** The port of one process; `visit` may end it. */
  port(world: { readonly now: number }, visit: () => void): Waits {
    const look = ({ step, hash, label }: { readonly step: string; readonly hash: string; readonly label: string }, kind: RunWait["kind"], until: number | null): RunWait => {
      visit();
      const known = this.rows.get(step);
      const row = known?.hash === hash ? known : { id: `w${this.rows.size + 1}`, kind, step, label, since: world.now, until, hash };
      this.rows.set(step, row);
      visit();
      const { hash: _, ...wait } = row;
      return wait;
    };
    const isPast = ({ until }: RunWait): boolean => until !== null && world.now >= until;
    const answer = <T>(wait: RunWait, value: T): WaitAnswer<T> => (isPast(wait) ? { kind: "over", value } : { kind: "open", wait });
    return {
      approve: async (request) => {
        const wait = look(request, "approval", request.withinMs === null ? null : world.now + request.withinMs);
        const said = this.answers.get(request.step);
        if (said !== undefined && (wait.until === null || said.at < wait.until)) return { kind: "over", value: said };
        return answer(wait, { verdict: null, at: wait.until ?? 0 });
      },
      event: async (request, seen) => {
        const wait = look(request, "event", request.withinMs === null ? null : world.now + request.withinMs);
        const next = (this.offered.get(request.step) ?? []).find(({ place }) => place > seen);
        return next === undefined ? answer(wait, null) : { kind: "over", value: next };
      },
      sleep: async (request) => answer(look(request, request.kind, "at" in request.end ? request.end.at : world.now + request.end.afterMs), null),
    };
  }
}
