import type { Part, ToolResult, View } from "./view-app.ts";

/** A run in the list of the page. */
export interface ShownRun {
  readonly id: string;
  readonly workflow: string;
  readonly phase: string;
  readonly status: string;
  readonly writes: number;
  /** To the minute, in UTC. */
  readonly started: string;
}

/**
 * The page of runs, as it runs in a client's frame: their list, or the story of one, which is the text that people read elsewhere, laid out. It is handed over as text
 * (`String(showRuns)`), so it names nothing outside itself.
 */
export function showRuns({ app, page, make, readText }: View): void {
  const part = (id: string): Part => page.getElementById(id) as Part;
  const toneOf = (text: string): string => (/^✗|\bfailed\b/.test(text) ? "bad" : /^✓|\bsucceeded\b/.test(text) ? "good" : /^[?…]|\b(parked|pending|partial|planned|needs-attention)\b/.test(text) ? "warn" : "");
  /** What is shown, to look at it again. */
  let shown: { readonly run?: string } = {};
  const look = (args: { readonly run?: string }): void => {
    part("status").textContent = "Looking …";
    app.callServerTool({ name: "runs", arguments: args }).then(draw, (error: unknown) => void (part("status").textContent = String(error)));
  };
  const fact = (line: string): readonly Part[] => {
    const [, name = "", value = ""] = /^ {2}(\S+)\s+([^]*)$/.exec(line) ?? [];
    return [make("dt", "", name), make("dd", "", value)];
  };
  /** A part of a story: its title, and what is indented below it. */
  const section = (text: string): Part => {
    const [title = "", ...lines] = text.split("\n");
    return make("section", "", make("h2", "", title), make("ul", "", ...lines.map((line) => make("li", toneOf(line.trim()), line.trim()))));
  };
  const drawStory = (story: string): readonly Part[] => {
    const [begins = "", ...parts] = story.split("\n\n");
    const [heading = "", ...facts] = begins.split("\n");
    part("title").textContent = heading;
    part("title").className = toneOf(heading);
    return [make("dl", "", ...facts.flatMap(fact)), ...parts.filter((one) => one.trim() !== "").map(section)];
  };
  const drawList = (runs: readonly ShownRun[]): readonly Part[] => {
    part("title").textContent = runs.length === 0 ? "No runs yet" : "Runs";
    part("title").className = "";
    const rows = runs.map(({ id, workflow, phase, status, writes, started }) => {
      const open = make("button", "", id);
      open.addEventListener("click", () => look({ run: id }));
      return make("tr", "", make("td", "", open), ...[workflow, phase].map((text) => make("td", "", text)), make("td", toneOf(status), status), ...[String(writes), started].map((text) => make("td", "", text)));
    });
    return runs.length === 0 ? [] : [make("table", "", make("thead", "", make("tr", "", ...["run", "workflow", "phase", "status", "writes", "started"].map((name) => make("th", "", name)))), make("tbody", "", ...rows))];
  };
  function draw(result: ToolResult): void {
    try {
      const { story, runs } = (result.structuredContent ?? {}) as { readonly story?: string; readonly runs: readonly ShownRun[] };
      part("story").replaceChildren(...(story === undefined ? drawList(runs) : drawStory(story)));
      const run = /^Run (\S+) of /.exec(story ?? "")?.[1];
      shown = run === undefined ? {} : { run };
      part("status").textContent = "";
      part("answers").hidden = false;
      part("all").hidden = story === undefined;
    } catch {
      // What cannot be drawn is told.
      part("title").textContent = "Runs";
      part("story").replaceChildren();
      part("answers").hidden = true;
      part("status").textContent = readText(result);
    }
  }
  part("again").addEventListener("click", () => look(shown));
  part("all").addEventListener("click", () => look({}));
  app.ontoolresult = draw;
  void app.connect().catch((error: unknown) => void (part("status").textContent = String(error)));
}
