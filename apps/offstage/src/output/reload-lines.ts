import type { ReloadNews } from "../reload/reload-news.ts";
import { problemOf } from "../reload/reload-problem.ts";
import { escapeControls } from "../terminal.ts";

/** One line of what becomes of an edit. */
export function reloadLine(news: ReloadNews): string {
  switch (news.kind) {
    case "reloaded":
      return escapeControls(`reloaded ${[news.files.join(", "), ...workflowsOf(news), ...news.left.map(({ workflow, waiting }) => `${waiting} ${waiting === 1 ? "event waits" : "events wait"} for ${workflow} until it listens again`)].join("; ")}`);
    case "reload-unneeded":
      return "reloaded nothing: all files are as they were";
    case "reload-refused":
      return escapeControls(`kept     what ran before, since the edit cannot be taken: ${problemOf(news.failure)}`);
    case "restart-needed":
      return escapeControls(`restart  ${news.what.join("; ")} changed: this process goes on as it began, a restart takes that`);
  }
}

function workflowsOf({ added, changed, removed }: Extract<ReloadNews, { readonly kind: "reloaded" }>): readonly string[] {
  const of = (names: readonly string[], what: string): readonly string[] => (names.length === 0 ? [] : [`${what} ${names.join(", ")}`]);
  return [...of(added, "new:"), ...of(changed, "changed:"), ...of(removed, "gone:")];
}
