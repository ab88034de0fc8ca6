import type { Diagnostic } from "../../base/index.ts";
import type { Flow, FlowStep } from "../../program/index.ts";
import type { Part, View } from "./view-app.ts";

/**
 * The page of a workflow, as it runs in a client's frame. It is handed over as text (`String(showFlow)`), so it names nothing outside itself. What is drawn as boxes is a nested list
 * too: who hears the page gets the same order.
 */
export function showFlow({ app, page, make, readText }: View): void {
  const part = (id: string): Part => page.getElementById(id) as Part;
  const READS = ["tool", "pages", "resource", "prompt"];
  const WAITS = ["sleep", "until", "approve", "poll", "wait-for"];
  const ENDS = ["return", "throw", "break", "continue"];
  const kindOf = ({ does, writes }: FlowStep): string => (writes ? "write" : READS.includes(does) ? "read" : WAITS.includes(does) ? "wait" : ENDS.includes(does) ? "end" : "");
  const branch = ({ label, steps }: FlowStep["branches"][number]): Part => make("section", "branch", ...(label === "" ? [] : [make("h2", "", label)]), make("ol", "", ...steps.map(drawn)));
  function drawn(step: FlowStep): Part {
    const { words, line, branches } = step;
    const kind = kindOf(step);
    const sign = kind === "write" ? [" ", make("span", "sign", "writes")] : [];
    return make("li", "", make("div", `box ${kind}`, ...(line === 0 ? [] : [make("span", "line", `line ${line}`)]), words, ...sign, ...(branches.length === 0 ? [] : [make("div", "branches", ...branches.map(branch))])));
  }
  const faultPart = ({ severity, code, file, line, column, message, hint }: Diagnostic): Part => make("li", "", make("span", severity === "error" ? "bad" : "warn", `${severity} ${code}`), ` ${file}:${line}:${column} ${message}`, ...(hint === undefined ? [] : [make("p", "hint", hint)]));
  const draw = (title: string, about: string, faults: readonly Part[], steps: readonly Part[]): void => {
    part("title").textContent = title;
    part("about").textContent = about;
    part("faults").replaceChildren(...faults);
    part("steps").replaceChildren(...steps);
    part("status").textContent = "";
  };
  app.ontoolresult = (result) => {
    try {
      const { flow, diagnostics } = (result.structuredContent ?? {}) as unknown as { readonly flow: Flow; readonly diagnostics: readonly Diagnostic[] };
      const { name, description, triggers, steps } = flow;
      const starts = make("li", "", make("div", "box starts", `starts ${triggers.length === 0 ? "by hand" : triggers.join("; ")}`));
      draw(name, description ?? "", diagnostics.map(faultPart), [starts, ...steps.map(drawn)]);
    } catch {
      // Where it does not check, what is wrong with it is all that there is to see; and what cannot be drawn is told.
      draw("Workflow", "", [], []);
      part("status").textContent = readText(result);
    }
  };
  void app.connect().catch((error: unknown) => void (part("status").textContent = String(error)));
}
