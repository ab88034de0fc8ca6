import type { MakePart, Part, ToolResult, View } from "./view-app.ts";
import type { DrawnWrite } from "./write-part.ts";
import type { ShownWrite } from "./write-words.ts";

/**
 * The plan's page, as it runs in a client's frame. It is handed over as text (`String(showPlan)`), so it names nothing outside itself; what it needs of the page and of the library
 * is said by the types below. Strangers' words become text of the page, never markup.
 */

interface ShownPlan {
  readonly id: string;
  readonly workflow: string;
  readonly effects: readonly ShownWrite[];
  readonly unchanged: number;
}

/** What went wrong while it was planned, or cannot be planned while an earlier write is in doubt. */
interface ShownTroubles {
  readonly failures: readonly { readonly step: string; readonly error: { readonly code: string; readonly message: string } }[];
  readonly ambiguous: readonly { readonly label: string; readonly why: string }[];
}

/** Shows what a plan would write, and lets a person say yes or no. */
export function showPlan({ app, page, make, readText }: View, draw: (write: ShownWrite, before: string | undefined, changed: () => void) => DrawnWrite, troubles: typeof troubleParts): void {
  const part = (id: string): Part => page.getElementById(id) as Part;
  const chosen = new Map<string, Part>();
  // What is shown now: a client may hand a second plan to the same page.
  let shown: { readonly plan: string; readonly permit: unknown } | null = null;
  const writeOf = (write: ShownWrite, all: readonly ShownWrite[]): Part => {
    const { item, box } = draw(write, all.find(({ id }) => id === write.why.effect)?.label, counted);
    chosen.set(write.id, box);
    return item;
  };
  const leftOut = (): readonly string[] => [...chosen].filter(([, box]) => !box.checked).map(([id]) => id);
  const counted = (): void => {
    const [left, all] = [leftOut().length, chosen.size];
    part("yes").textContent = left === 0 ? "Perform these writes" : `Perform ${all - left} of ${all}`;
    part("yes").disabled = left === all;
    part("hint").textContent = left === 0 ? "" : "What comes after a write that is left out is not made either.";
  };
  const said = (textContent: string, className: string): void => void Object.assign(part("status"), { textContent, className });
  const drawPlan = (result: ToolResult): void => {
    const { plan } = result.structuredContent as unknown as { readonly plan: ShownPlan };
    const permit = result._meta?.["offstage/permit"];
    part("title").textContent = `${plan.workflow}: ${plan.effects.length === 0 ? "nothing is to be written" : `${plan.effects.length} ${plan.effects.length === 1 ? "write" : "writes"}`}`;
    part("unchanged").textContent = plan.unchanged === 0 ? "" : `${plan.unchanged} already done.`;
    chosen.clear();
    part("writes").replaceChildren(...plan.effects.map((write) => writeOf(write, plan.effects)));
    part("troubles").replaceChildren(...troubles(make, result.structuredContent as unknown as ShownTroubles));
    for (const one of [part("yes"), part("no")]) one.disabled = false;
    counted();
    said("", "");
    part("answers").hidden = plan.effects.length === 0 || typeof permit !== "string";
    shown = { plan: plan.id, permit };
  };
  app.ontoolresult = (result) => {
    shown = null;
    try {
      drawPlan(result);
    } catch {
      // What cannot be drawn, whole, is told; nobody says yes to it here.
      part("title").textContent = "Plan";
      for (const id of ["unchanged", "hint", "writes", "troubles"]) part(id).replaceChildren();
      part("answers").hidden = true;
      said(readText(result), "bad");
    }
  };
  const decide = async (answer: "yes" | "no"): Promise<void> => {
    if (shown === null) return;
    const { plan, permit } = shown;
    const without = leftOut();
    shown = null;
    for (const one of [part("yes"), part("no"), ...chosen.values()]) one.disabled = true;
    said(answer === "yes" ? "Being performed …" : "Refused.", "");
    const decided = await app.callServerTool({ name: "decide", arguments: { plan, permit, answer, without } });
    said(readText(decided), decided.isError === true && answer === "yes" ? "bad" : "good");
    await app.updateModelContext({ content: [{ type: "text", text: `The person answered the plan ${plan} in its view: ${answer}.\n${(decided.content ?? []).map((one) => one.text ?? "").join("\n")}` }] });
  };
  for (const answer of ["yes", "no"] as const) part(answer).addEventListener("click", () => void decide(answer).catch((error: unknown) => said(String(error), "bad")));
  void app.connect().catch((error: unknown) => said(String(error), "bad"));
}

/** What went wrong, under its titles. Handed over as text like the page itself. */
export function troubleParts(make: MakePart, { failures, ambiguous }: ShownTroubles): readonly Part[] {
  const under = (title: string, lines: readonly string[]): readonly Part[] => (lines.length === 0 ? [] : [make("h2", "", title), ...lines.map((line) => make("p", "", line))]);
  return [
    ...under("Failed while planning:", failures.map(({ step, error }) => `${step}: ${error.code}: ${error.message}`)),
    ...under("Blocked, because it cannot be known whether an earlier write happened:", ambiguous.map(({ label, why }) => `${label}: ${why}`)),
  ];
}
