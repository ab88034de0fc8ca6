import type { MakePart, Part, ViewPage } from "./view-app.ts";
import type { WriteWords } from "./write-words.ts";

/** A write on the page, with the box that takes it out of the plan. */
export interface DrawnWrite {
  readonly item: Part;
  readonly box: Part;
}

/** Draws a write on the plan's page. Handed over as text like the page itself, so it names nothing outside itself. */
export function writePart(page: Pick<ViewPage, "createElement">, make: MakePart, label: string, { kind, sign, where, identity, rows }: WriteWords, changed: () => void): DrawnWrite {
  const box = page.createElement("input");
  box.type = "checkbox";
  box.checked = true;
  box.setAttribute("aria-label", label);
  box.addEventListener("change", changed);
  const values = rows.flatMap(({ name, value }) => [make("dt", "", name), make("dd", "", ...value.map((piece) => piece ?? make("span", "later", "known after apply")))]);
  const item = make("li", "", make("h2", "", box, " ", make("span", `sign ${kind}`, sign), ` ${label}`), make("p", "where", where), make("dl", "", ...values), make("p", "identity", identity));
  return { item, box };
}
