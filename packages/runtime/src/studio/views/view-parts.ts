import type { MakePart, ToolResult, ViewPage } from "./view-app.ts";

// What every page has, handed over as text like the pages themselves: each names nothing outside itself.

/** Makes parts of a page: strangers' words become text of them, never markup. */
export function partMaker(page: Pick<ViewPage, "createElement">): MakePart {
  return (name, className, ...inside) => {
    const made = page.createElement(name);
    made.className = className;
    made.append(...inside);
    return made;
  };
}

/** What a result says, for people: what a model needs to tell whose words they are, they do not. */
export function plainText({ content = [] }: ToolResult): string {
  return content.map(({ text = "" }) => text.replaceAll(/^<\/?data [0-9a-f]+>\n?/gm, "")).join("\n").trim();
}
