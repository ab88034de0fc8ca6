import { type LearntSchema, type RawTool, signature, toolSummary } from "offstage/tools";
import type { Terminal } from "../terminal.ts";
import { escapeControls } from "../terminal.ts";

/** A tool that a search found, with what is known of its calls. */
export interface ShownTool {
  readonly server: string;
  readonly definition: RawTool;
  /** `read`, `write`, each case with its class, or that it is not locked. */
  readonly effect: string;
  /** What was learnt of its results. */
  readonly learnt: LearntSchema | undefined;
  /** The other servers that have the same tool, and what its calls are there. */
  readonly also: readonly { readonly server: string; readonly effect: string }[];
}

/** UTF-16 units. A signature is for choosing; `offstage tools server.tool` shows all of it. */
const LONGEST_SIGNATURE = 120;
const LONGEST_SUMMARY = 120;

/**
 * What is read to choose among tools, by people and by models, so short that a search costs less than one long description:
 * how a tool is called, what its calls are, and its first sentence.
 */
export function foundToolsText(found: readonly ShownTool[], terminal: Pick<Terminal, "paint">): string {
  return found.map((tool) => {
    const summary = shownSummary(tool.definition);
    return `${terminal.paint("bold", shownSignature(tool))}  ${terminal.paint("dim", escapeControls(`${tool.effect}${alsoText(tool)}`))}${summary === "" ? "" : `\n    ${summary}`}`;
  }).join("\n");
}

/** Where the other servers' calls are something else than this one's, that is said of each. */
function alsoText({ effect, also }: ShownTool): string {
  return also.length === 0 ? "" : `; also of ${also.map((other) => `${other.server}${other.effect === effect ? "" : ` (${other.effect})`}`).join(", ")}`;
}

/** `github.list_issues({ owner: string; … }): Issue[]`. */
export function shownSignature({ server, definition, learnt }: Pick<ShownTool, "server" | "definition" | "learnt">): string {
  return `${escapeControls(server)}.${escapeControls(signature(definition, { maxLength: LONGEST_SIGNATURE, ...(learnt === undefined ? {} : { learnt }) }))}`;
}

/** The first sentence of what a tool says of itself, on one line. */
export function shownSummary(definition: RawTool, longest = LONGEST_SUMMARY): string {
  const text = escapeControls(toolSummary(definition));
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
