import { OffstageError } from "./errors.ts";

/** What stands between `${` and `}`, understood. */
export type Reference =
  /** A variable of the environment; `fallback` is what holds when it is not set or empty, null when it has to be set. */
  | { readonly form: "env"; readonly name: string; readonly fallback: string | null }
  | { readonly form: "file"; readonly path: string }
  | { readonly form: "exec"; readonly argv: readonly string[] }
  | { readonly form: "secret"; readonly name: string }
  | { readonly form: "input"; readonly id: string }
  | { readonly form: "place"; readonly name: Place };

/** What VS Code and Cursor call the places of a project. */
export type Place = "workspaceFolder" | "workspaceFolderBasename" | "userHome" | "pathSeparator";

const PLACES: ReadonlySet<string> = new Set<Place>(["workspaceFolder", "workspaceFolderBasename", "userHome", "pathSeparator"]);
const REFERENCE = /\$\{([^}]*)\}/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Windows has `ProgramFiles(x86)`. Nothing that a shell would take for the end of a word: people copy such names out of hints. */
const ANY_NAME = /^[A-Za-z_][\w.()-]*$/;
const FILE_NAME = /^(?!\.)[\w.-]+$/;

/** The references in a text, in its order. */
export function referencesIn(text: string): readonly { readonly index: number; readonly text: string; readonly inner: string }[] {
  return [...text.matchAll(REFERENCE)].map((match) => ({ index: match.index, text: match[0], inner: match[1] ?? "" }));
}

/**
 * Reads one reference: our own forms, those of VS Code (`input`, places), and `${VAR}` and `:-` of Claude Code. A name that is
 * a place is one, also where a variable is called the same. Errors: `CONFIG_INVALID` for what is none of them.
 */
export function parseReference(inner: string, place: string): Reference {
  const known = read(inner);
  if (known !== null) return known;
  const nested = inner.includes("${");
  throw new OffstageError("CONFIG_INVALID", `${place}: \${${inner}} is not a reference that Offstage knows.`, {
    hint: nested ? "References do not stand inside references." : "It knows ${env:NAME}, ${env:NAME:-default}, ${NAME}, ${file:path}, ${exec:program argument}, ${secret:NAME}, ${input:id}, ${workspaceFolder} and ${userHome}.",
  });
}

function read(inner: string): Reference | null {
  if (PLACES.has(inner)) return { form: "place", name: inner as Place };
  if (inner === "/") return { form: "place", name: "pathSeparator" };
  const [, form = "", rest = ""] = /^(env|file|exec|secret|input):(.*)$/s.exec(inner) ?? [];
  switch (form) {
    case "env":
      return variable(rest, ANY_NAME);
    case "file":
      return rest.trim() === "" || rest.includes("${") ? null : { form, path: rest };
    case "exec":
      return program(rest);
    case "secret":
      return FILE_NAME.test(rest) ? { form, name: rest } : null;
    case "input":
      return /^[^\s${}]+$/.test(rest) ? { form, id: rest } : null;
    default:
      return variable(inner, NAME);
  }
}

function variable(text: string, names: RegExp): Reference | null {
  const at = text.indexOf(":-");
  const [name, fallback] = at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 2)];
  return names.test(name) && fallback?.includes("${") !== true ? { form: "env", name, fallback } : null;
}

/** Words as people write them: white space parts them, quotes of either kind hold them together. Nothing is expanded: there is no shell. */
function program(text: string): Reference | null {
  const words = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  const whole = words.join("") === text.replace(/("[^"]*"|'[^']*')|\s+/g, "$1");
  if (words.length === 0 || !whole || text.includes("${")) return null;
  return { form: "exec", argv: words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? "")) };
}
