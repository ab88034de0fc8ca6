import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NO, YES } from "./chat.ts";
import { type DeskChats, planIn } from "./desk-chats.ts";
import type { DeskProject } from "./desk-project.ts";

/** What holds for a chat whatever its client speaks. `desk` is asked in the tests, and its requests are as they were at first. */
export function chatSuite(era: "legacy" | "modern", desk: () => DeskProject, chats: DeskChats): void {
  describe(`a chat in the ${era} era`, () => {
    test("works a workflow out, from the search to the export, and writes when the person says so", async () => {
      const chat = await chats.open({ era, person: () => YES });
      const { name, file, text } = chats.named();
      expect((await chat.call("find_tools", { words: "list requests" })).text).toContain("desk.list_requests({}): { requests: readonly { id: string; title: string }[] }  read");
      expect((await chat.call("try_read", { tool: "desk.list_requests" })).text).toMatch(/\ntype desk\.ListRequestsResult\n[^]*"Printer is on fire"/);
      expect((await chat.call("find_tools", { words: "desk.list_requests" })).text).toMatch(/^type +desk\.ListRequestsResult$/m);
      const wrong = await chat.call("write", { file, text: text.replace("await once", "once") });
      expect(wrong).toMatchObject({ failed: true, text: expect.stringMatching(/revision 1\n[^]*FLOATING_PROMISE/) as string });
      expect(await chat.call("write", { file, fix: true })).toMatchObject({ failed: false, text: expect.stringContaining(`${name}: checks`) as string });
      const planned = await chat.call("plan", { workflow: name });
      expect(planned.text).toContain('text = "Hello Printer is on fire"');
      expect((await chat.call("test", { workflow: name, answers: { "desk.list_requests": { requests: [] } } })).text).toContain("no writes");
      expect((await chat.call("test", { workflow: name, answers: { "desk.say": { ok: true } } })).text).toMatch(/Run, offline: succeeded[^]*Once more over what it left: succeeded\n {2}no writes/);
      expect([desk().writes(), chat.asked]).toEqual([[], []]);
      expect(await chat.call("apply", { plan: planIn(planned) })).toMatchObject({ failed: false, text: expect.stringContaining("2 writes") as string });
      expect(chat.asked).toEqual([expect.stringContaining('text = "Hello Printer is on fire"')]);
      expect(desk().writes()).toHaveLength(2);
      // What runs have made is not made anew offline either.
      expect((await chat.call("test", { workflow: name })).text).toMatch(/Plan, offline: planned\n {2}no writes/);
      expect((await chat.call("runs", { run: "last" })).text).toContain(`of ${name}: succeeded`);
      expect(await chat.call("adopt", { file })).toMatchObject({ failed: false });
      expect(desk().read(file)).toContain("await once");
      expect(await chat.call("export", { workflow: name, target: "python" })).toMatchObject({ failed: false, text: expect.stringContaining(`${name} is exported to export/${name}-python: `) as string });
      expect(existsSync(join(desk().folder, `export/${name}-python/README.md`))).toBe(true);
    }, 60_000);

    test("writes nothing when the person says no, or the client cannot ask", async () => {
      const { name, file, text } = chats.named();
      const [refusing, mute] = await Promise.all([chats.open({ era, person: () => NO }), chats.open({ era })]);
      await refusing.call("write", { file, text });
      const plan = planIn(await refusing.call("plan", { workflow: name }));
      expect(await refusing.call("apply", { plan })).toMatchObject({ failed: true, text: expect.stringContaining("The person said no") as string });
      expect(await refusing.call("adopt", { file })).toMatchObject({ failed: true });
      expect(await mute.call("apply", { plan })).toMatchObject({ failed: true, text: expect.stringContaining(`offstage apply ${plan} --ask --project ${desk().folder}`) as string });
      expect(await mute.call("adopt", { file })).toMatchObject({ failed: true, text: expect.stringContaining(`offstage adopt ${file} --project ${desk().folder}`) as string });
      expect([desk().writes(), existsSync(join(desk().folder, file))]).toEqual([[], false]);
      // What it was told to do there shows the plan and asks; who gives the plan alone has seen it.
      for (const [command, ...argv] of [["apply", plan, "--ask"], ["adopt", file]] as const) {
        const { code, err } = await desk().run(command, ...argv);
        expect([code, err]).toEqual([2, expect.stringMatching(/nobody to ask[^]*A person has to give it at a terminal: offstage a/)]);
        expect(err).not.toMatch(/--yes|apply \S+$/m);
      }
      expect(desk().writes()).toEqual([]);
      expect(await desk().run("apply", plan)).toMatchObject({ code: 0 });
      expect(await desk().run("adopt", file, "--yes")).toMatchObject({ code: 0 });
      expect([desk().writes().length, desk().read(file)]).toEqual([2, text]);
    }, 60_000);
  });
}
