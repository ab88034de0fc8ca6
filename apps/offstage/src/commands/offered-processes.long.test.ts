import type { Run } from "offstage/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CommandProcess, startCommand } from "../testing/command-process.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

// Offering events in processes of their own: killed at any moment, and two at once.

const HEAR = `import { range, waitFor, webhook, workflow } from "offstage";
export default workflow({ name: "hear", on: [] }, async () => {
  const heard = [];
  for (const n of range(3)) {
    const event = await waitFor(webhook("github"), { when: (e) => e.body.n % 2 === 0, within: "1d" });
    heard.push(event?.body.n);
  }
  return heard;
});
`;

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
  desk.reset();
  desk.write("workflows/hear.ts", HEAR);
}, 300_000);
afterAll(() => desk.remove());

test("killed as it is offered, and offered again by two at once: each event is looked at once, in its order, and none is lost", async () => {
  const { run } = (await desk.json("run", "hear")).document.result;
  const offer = (n: number): CommandProcess => startCommand(desk.folder, ["resume", run.id, "--event", "-", "--event-id", `event-${n}`], JSON.stringify({ body: { n } }));
  const killed: number[] = [];
  for (let n = 1; n <= 6; n++) {
    const first = offer(n);
    // Where the event is kept and nothing more, and where the run has begun to go on with it, in turn.
    const said = n % 2 === 0 ? "continuing hear" : "Offered as an event";
    let err = "";
    first.child.stderr.on("data", (text: string) => {
      err += text;
      if (err.includes(said)) first.child.kill("SIGKILL");
    });
    if ((await first.ended).code === null) killed.push(n);
    // What the first one brought may have ended the run: then the others are told so.
    const again = await Promise.all([offer(n).ended, offer(n).ended]);
    expect(again.map(({ code }) => code === 4 || (n === 6 && (code === 0 || code === 2)))).toEqual([true, true]);
  }
  const shown: Run = (await desk.json("show", run.id)).document.result.run;
  expect(shown).toMatchObject({ status: "succeeded", output: [2, 4, 6] });
  expect(killed.length).toBeGreaterThan(0);
}, 300_000);
