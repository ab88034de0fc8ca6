import { randomUUID } from "node:crypto";
import { registerHooks } from "node:module";
import type { Instrumented } from "./instrument.ts";

/** Imports a module by its URL through Node's own loader, as `import()` does. */
export type ImportModule = (url: string) => Promise<Readonly<Record<string, unknown>>>;

/** What the text of a workflow's module is loaded with. */
export interface ModuleSurroundings {
  /** The name of the file, for stack traces. */
  readonly file: string;
  /** What the names that it imports stand for. */
  readonly values: { readonly [from in keyof Instrumented["imports"]]: (name: string) => unknown };
  /** What a function of its owner's own code stands for. */
  readonly called: (name: string) => unknown;
  readonly importModule: ImportModule;
}

const SCHEME = "offstage-native:";

/** Where a stack is in a module that was loaded here: its file as URLs write it, and the line. */
export const MODULE_LINE = new RegExp(`${SCHEME}[^/\\s]+/(\\S+?):(\\d+):\\d+`, "g");

/**
 * Loads a marked module as a module of its own, anew each time: `"offstage"` and `"#servers"` are modules in memory whose
 * names are handed over before it begins. Node strips its types, as it does for any file. Resolves with its default export.
 */
export async function loadModule({ text, imports, own: ownCode, workflows }: Instrumented, { file, values, called, importModule }: ModuleSurroundings): Promise<unknown> {
  const base = `${SCHEME}${randomUUID()}/`;
  const own = `${base}${encodeURI(file)}`;
  const doors = Object.keys(imports) as (keyof typeof imports)[];
  const texts = new Map([
    [own, text],
    ...doors.map((from) => [doorUrl(base, from), doorText(imports[from])] as const),
    ...[...ownCode].map(([module, names]) => [doorUrl(base, `./own/${module}.ts`), doorText(names)] as const),
    ...workflows.map((name) => [doorUrl(base, `./${name}.ts`), CALLED] as const),
  ]);
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const url = context.parentURL === own ? doorUrl(base, specifier) : specifier;
      return texts.has(url) ? { url, format: formatOf(url, own), shortCircuit: true } : next(specifier, context);
    },
    load: (url, context, next) => {
      const source = texts.get(url);
      return source === undefined ? next(url, context) : { format: formatOf(url, own), source, shortCircuit: true };
    },
  });
  try {
    const open = async (from: string, names: readonly string[], valueOf: (name: string) => unknown): Promise<void> => {
      const door = (await importModule(doorUrl(base, from))) as { readonly [opener: string]: (values: readonly unknown[]) => void };
      door[openerOf(names)]?.(names.map(valueOf));
    };
    for (const from of doors) await open(from, imports[from], values[from]);
    for (const [module, names] of ownCode) await open(`./own/${module}.ts`, names, called);
    return (await importModule(own))["default"];
  } finally {
    hooks.deregister();
  }
}

function doorUrl(base: string, from: string): string {
  return `${base}door/${encodeURIComponent(from)}`;
}

function formatOf(url: string, own: string): string {
  return url === own ? "module-typescript" : "module";
}

/** A workflow that is called is interpreted from the Program that carries it: here it is only a name. */
const CALLED = "export default Object.freeze({});\n";

/** A module whose names, which may be any text, are given their values after it is loaded and before anybody looks. */
function doorText(names: readonly string[]): string {
  const slots = names.map((_, index) => `value${index}`);
  const exported = [...names.map((name, index) => `value${index} as ${JSON.stringify(name)}`), `open as ${JSON.stringify(openerOf(names))}`];
  return `${slots.map((slot) => `let ${slot};\n`).join("")}const open = (values) => {\n  [${slots.join(", ")}] = values;\n};\nexport { ${exported.join(", ")} };\n`;
}

/** What the values are handed to, by a name that none of them has. */
function openerOf(names: readonly string[]): string {
  let name = "$open";
  while (names.includes(name)) name = `$${name}`;
  return name;
}
