import { expect, vi } from "vitest";
import type { CommandProcess } from "./command-process.ts";
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
  /** Two processes serve; so many times one of them is killed and another put in its place, and the beats go on. Gives their exit codes when both were told to stop. */
  killOneOfTwo(kills: number): Promise<readonly (number | null)[]>;
  /** No time was told twice, and no run is left in the middle: a write whose answer a kill cut off is told as in doubt. */
  expectOnceEach(): Promise<void>;
}

/** Remove it in the end, after the processes that serve it. */
export async function createBeatingDesk(): Promise<BeatingDesk> {
  const desk = await createDeskProject();
  desk.write("workflows/beat.ts", BEAT);
  await desk.run("check");
  const beats = (): readonly string[] => desk.writes().map((write) => /\d{4}-[^"]*Z/.exec(write)?.[0] ?? write);
  const serving = createLivingCommands(desk.folder, ["serve", "beat"]);
  const moreBeatsThan = (count: number): Promise<void> => vi.waitFor(() => expect(beats().length).toBeGreaterThan(count), { timeout: 60_000, interval: 20 });
  return {
    ...desk, beats, serving, moreBeatsThan,
    async killOneOfTwo(kills) {
      const both = [serving.start(), serving.start()];
      await moreBeatsThan(0);
      for (let kill = 0; kill < kills; kill++) {
        const before = beats().length;
        // Which of them leads is not known: they take turns.
        both.push(await serving.replace(both.shift() as CommandProcess));
        await moreBeatsThan(before);
      }
      return (await Promise.all(both.map((one) => serving.end(one, "SIGTERM")))).map(({ code }) => code);
    },
    async expectOnceEach() {
      expect(new Set(beats()).size).toBe(beats().length);
      const { document } = await desk.json("runs", "--limit", "1000");
      expect(document.result.runs.map(({ status }) => status).filter((status) => status !== "succeeded" && status !== "needs-attention")).toEqual([]);
    },
  };
}
