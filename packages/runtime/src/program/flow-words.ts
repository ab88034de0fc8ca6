import type { FlowStep } from "./flow-step.ts";

/** A step of a flow in one line, as people say it. */
export function flowWords({ does, label, uses, writes }: Pick<FlowStep, "does" | "label" | "uses" | "writes">): string {
  const tools = toolsText(uses);
  switch (does) {
    case "tool":
      return `${writes ? "writes by" : "reads"} ${tools}${label === "" ? "" : ` ${label}`}`;
    case "pages":
      return `${writes ? "writes by" : "reads"} ${tools}${label === "" ? "" : ` ${label}`}, page by page`;
    case "once":
      return `once by the key ${label}${tools === "" ? "" : `: ${tools}`}`;
    case "once-per-run":
      return `once in each run: ${tools}`;
    case "record":
      return `record ${label}${tools === "" ? "" : `: ${tools}`}`;
    default:
      return `${WORDS[does]}${label === "" ? "" : ` ${label}`}`;
  }
}

const WORDS: Readonly<Record<Exclude<FlowStep["does"], "tool" | "pages" | "once" | "once-per-run" | "record">, string>> = {
  resource: "reads a resource of", prompt: "gets a prompt of", each: "for each of", "for-of": "in turn, for each of", parallel: "side by side", poll: "looks again",
  "call-workflow": "calls the workflow", "start-workflow": "starts as a run of its own", ask: "asks a model", own: "calls own code", state: "state", sleep: "waits for", until: "waits until",
  approve: "asks a person", "wait-for": "waits for", if: "if", try: "tries", helper: "helper", keep: "keeps in", return: "returns", throw: "throws", break: "leaves the loop", continue: "goes on with the next",
};

/** Each tool once, behind the parts that call it: `find a.search; create, update a.issue`. */
function toolsText(uses: FlowStep["uses"]): string {
  const roles = new Map<string, Set<string>>();
  for (const { role, server, tool } of uses) roles.set(`${server}.${tool}`, (roles.get(`${server}.${tool}`) ?? new Set()).add(role));
  return [...roles].map(([tool, parts]) => `${[...parts].join(", ")} ${tool}`.trim()).join("; ");
}
