/**
 * The plan's page, as it runs in a client's frame. It is handed over as text (`String(showPlan)`), so it names nothing outside itself; what it needs of the page and of the library
 * is said by the types below. Strangers' words become text of the page, never markup.
 */

/** What the page has of the DOM. */
interface Part {
  textContent: string | null;
  className: string;
  disabled: boolean;
  hidden: boolean;
  checked: boolean;
  type: string;
  append(...parts: readonly (Part | string)[]): void;
  replaceChildren(...parts: readonly (Part | string)[]): void;
  addEventListener(name: "click" | "change", heard: () => void): void;
  setAttribute(name: string, value: string): void;
}

/** What it has of the library of MCP Apps. */
interface ViewApp {
  ontoolresult: ((result: ToolResult) => void) | undefined;
  connect(): Promise<void>;
  callServerTool(call: { readonly name: string; readonly arguments: object }): Promise<ToolResult>;
  updateModelContext(context: { readonly content: readonly { readonly type: "text"; readonly text: string }[] }): Promise<unknown>;
}

interface ToolResult {
  readonly content?: readonly { readonly type: string; readonly text?: string }[];
  readonly structuredContent?: { readonly plan?: ShownPlan };
  readonly isError?: boolean;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

interface ShownPlan {
  readonly id: string;
  readonly workflow: string;
  readonly effects: readonly { readonly id: string; readonly sign: string; readonly label: string; readonly server: string; readonly tool: string | null; readonly target: string; readonly certainty: string; readonly undo: string | null; readonly args: { readonly value: unknown; readonly unknown: readonly { readonly path: readonly (string | number)[] }[] } }[];
  readonly unchanged: number;
}

/** Shows what a plan would write, and lets a person say yes or no. */
export function showPlan(app: ViewApp, page: { getElementById(id: string): Part | null; createElement(name: string): Part }): void {
  const part = (id: string): Part => page.getElementById(id) as Part;
  const make = (name: string, className: string, ...inside: readonly (Part | string)[]): Part => {
    const made = page.createElement(name);
    made.className = className;
    made.append(...inside);
    return made;
  };
  const words: Readonly<Record<string, string>> = { "+": "create", "=": "adopt", "~": "update", "-": "release" };
  const valueText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value, null, 2));
  const chosen = new Map<string, Part>();
  const writeOf = ({ id, sign, label, server, tool, target, certainty, undo, args }: ShownPlan["effects"][number]): Part => {
    const fields = typeof args.value === "object" && args.value !== null ? Object.entries(args.value) : [];
    const rows = fields.flatMap(([name, value]) => [make("dt", "", name), args.unknown.some(({ path }) => path[0] === name) ? make("dd", "later", "known after apply") : make("dd", "", valueText(value))]);
    const kind = make("span", `sign ${words[sign] ?? "create"}`, certainty === "sure" ? (words[sign] ?? "create") : `maybe ${words[sign] ?? "create"}`);
    const box = page.createElement("input");
    box.type = "checkbox";
    box.checked = true;
    box.setAttribute("aria-label", label);
    box.addEventListener("change", counted);
    chosen.set(id, box);
    return make("li", "", make("h2", "", box, " ", kind, ` ${label}`), make("p", "where", `${server}${tool === null ? "" : `.${tool}`} on ${target.replaceAll(/[A-Za-z_][A-Za-z0-9_]*=/g, "")}${undo === "none" ? ", cannot be undone" : ""}`), make("dl", "", ...rows));
  };
  // What a model needs to tell whose words they are, a person does not.
  const readText = ({ content = [] }: ToolResult): string => content.map(({ text = "" }) => text.replaceAll(/^<\/?data [0-9a-f]+>\n?/gm, "")).join("\n").trim();
  const leftOut = (): readonly string[] => [...chosen].filter(([, box]) => !box.checked).map(([id]) => id);
  const counted = (): void => {
    const left = leftOut().length;
    const all = chosen.size;
    part("yes").textContent = left === 0 ? "Perform these writes" : `Perform ${all - left} of ${all}`;
    part("yes").disabled = left === all;
    part("hint").textContent = left === 0 ? "" : "What comes after a write that is left out is not made either.";
  };
  const said = (text: string, tone: string): void => {
    const status = part("status");
    status.className = tone;
    status.textContent = text;
  };
  app.ontoolresult = (result) => {
    const plan = result.structuredContent?.plan;
    const permit = result._meta?.["offstage/permit"];
    if (plan === undefined) return said(readText(result), "bad");
    part("title").textContent = `${plan.workflow}: ${plan.effects.length === 0 ? "nothing is to be written" : `${plan.effects.length} ${plan.effects.length === 1 ? "write" : "writes"}`}`;
    part("unchanged").textContent = plan.unchanged === 0 ? "" : `${plan.unchanged} already done.`;
    chosen.clear();
    part("writes").replaceChildren(...plan.effects.map(writeOf));
    part("answers").hidden = plan.effects.length === 0 || typeof permit !== "string";
    const decide = async (answer: "yes" | "no"): Promise<void> => {
      const without = leftOut();
      for (const one of [part("yes"), part("no"), ...chosen.values()]) one.disabled = true;
      said(answer === "yes" ? "Being performed …" : "Refused.", "");
      const decided = await app.callServerTool({ name: "decide", arguments: { plan: plan.id, permit, answer, without } });
      said(readText(decided), decided.isError === true && answer === "yes" ? "bad" : "good");
      await app.updateModelContext({ content: [{ type: "text", text: `The person answered the plan ${plan.id} in its view: ${answer}.\n${(decided.content ?? []).map((one) => one.text ?? "").join("\n")}` }] });
    };
    for (const answer of ["yes", "no"] as const) part(answer).addEventListener("click", () => void decide(answer).catch((error: unknown) => said(String(error), "bad")));
  };
  void app.connect().catch((error: unknown) => said(String(error), "bad"));
}
