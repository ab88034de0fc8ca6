import { expect, vi } from "vitest";
import { createDeskProject, type DeskProject } from "./desk-project.ts";
import { createLivingCommands, type LivingCommands } from "./living-commands.ts";

const BEAT = `import { every, once, workflow } from "offstage";
import { desk } from "#servers";
export default workflow({ name: "beat", on: [every("1s")], limits: { writes: 5 } }, async ({ event }) => {
  const at = event?.kind === "schedule" ? event.at : "by hand";
  await once(at, () => desk.say({ text: at }));
});
`;

/** A desk that is told the time once a second, by the real clock, as long as a process serves. */
export interface BeatingDesk extends DeskProject {
  /** `offstage serve beat`. */
  readonly serving: LivingCommands;
  /** The times that the desk was told. */
  beats(): readonly string[];
  moreBeatsThan(count: number): Promise<void>;
  /** No time was told twice, and no run is left in the middle: a write whose answer a kill cut off is told as in doubt. */
  expectOnceEach(): Promise<void>;
}

/** Remove it in the end, after the processes that serve it. */
export async function createBeatingDesk(): Promise<BeatingDesk> {
  const desk = await createDeskProject();
  desk.write("workflows/beat.ts", BEAT);
  await desk.run("check");
  const beats = (): readonly string[] => desk.writes().map((write) => /\d{4}-[^"]*Z/.exec(write)?.[0] ?? write);
  return {
    ...desk, beats,
    serving: createLivingCommands(desk.folder, ["serve", "beat"]),
    moreBeatsThan: (count) => vi.waitFor(() => expect(beats().length).toBeGreaterThan(count), { timeout: 60_000, interval: 20 }),
    async expectOnceEach() {
      expect(new Set(beats()).size).toBe(beats().length);
      const { document } = await desk.json("runs", "--limit", "1000");
      expect(document.result.runs.map(({ status }) => status).filter((status) => status !== "succeeded" && status !== "needs-attention")).toEqual([]);
    },
  };
}
