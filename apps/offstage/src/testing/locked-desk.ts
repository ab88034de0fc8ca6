import { afterAll, beforeEach } from "vitest";
import { createDeskProject, type DeskProject } from "./desk-project.ts";

/** What `offstage lock --json` answers, as tests look into it. */
export interface LockResult {
  readonly changes: readonly { readonly server: string; readonly tool: string | null; readonly weight: string; readonly accepted: boolean; readonly details: readonly string[]; readonly breaks: readonly { readonly workflow: string; readonly fault: { readonly line: number; readonly code: string } }[]; readonly look: readonly string[] }[];
  readonly breaking: boolean;
  readonly warnings: readonly { readonly tool: string | null; readonly kind: string }[];
  readonly notPinned: readonly string[];
}

/** A desk whose server changes, and what was pinned before it did. */
export interface LockedDesk extends DeskProject {
  readonly pinned: string;
  lock(...argv: readonly string[]): Promise<LockResult>;
}

/** Makes one for a file of tests: each begins with the lock as it was made, and a server that has not changed. */
export async function createLockedDesk(): Promise<LockedDesk> {
  const desk = await createDeskProject();
  const pinned = desk.read("offstage.lock");
  beforeEach(() => {
    desk.reset();
    desk.write("offstage.lock", pinned);
  });
  afterAll(() => desk.remove());
  return { ...desk, pinned, lock: async (...argv) => (await desk.json("lock", ...argv)).document.result as unknown as LockResult };
}
