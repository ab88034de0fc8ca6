import type { Program } from "../../program/index.ts";
import type { ClientNames } from "./client-names.ts";
import { createComments } from "./comments.ts";
import { printExpression } from "./expressions.ts";
import { type Kind, Names } from "./frames.ts";
import { layoutModule } from "./layout-module.ts";
import { PRINTED_NAMES, VALUE_NAMES, VALUES } from "./library.ts";
import { snakeCase } from "./names.ts";
import { openTypes } from "./module-types.ts";
import { printPattern } from "./patterns.ts";
import type { Findings, ModuleNames, Printing } from "./printing.ts";
import type { RawResults } from "./raw-results.ts";
import type { Source } from "./source.ts";
import { printBlock } from "./statements.ts";
import { namesIn, type PyImport, type PyStatement } from "./tree.ts";

/** A module's text, and what it was made of. */
export interface PrintedModule {
  readonly text: string;
  readonly body: readonly PyStatement[];
}

/**
 * Prints until printing finds out nothing more: how few arguments helpers are given, what kind of value they and variables give. Then it is known
 * what the module imports from `offstage`, too, which no name of its own may hide, and it is printed for good.
 */
export function printModule(print: (reserved: ReadonlySet<string>, findings: Findings) => { readonly p: Printing; readonly docstring: string; readonly body: readonly PyStatement[] }): PrintedModule {
  const findings: Findings = { fewest: new Map(), results: new Map(), given: new Map() };
  let first: ReadonlySet<string>;
  let before: string;
  do {
    before = told(findings);
    first = namesIn(print(VALUE_NAMES, findings).body);
  } while (told(findings) !== before);
  const imported = new Set([...VALUE_NAMES].filter((name) => first.has(name) || name === VALUES.undefined));
  const { p, docstring, body } = print(imported, findings);
  return { text: closeModule(p, docstring, body), body };
}

function told({ fewest, results, given }: Findings): string {
  return JSON.stringify([fewest, results, given].map((one: ReadonlyMap<unknown, Kind | number>) => [...one.values()]));
}

/** A printing that nothing was printed with yet. `own`: the name that the module takes for itself. */
export function openPrinting(source: Source, reserved: ReadonlySet<string>, findings: Findings, own: string, clients: ClientNames, raws: RawResults = new Map()): Printing {
  const names = new Names(null, reserved);
  const ownName = names.take(own);
  const servers = new Map(serversOf(source).map((server) => [server, names.take(clients.module(server))]));
  const calls = (source.calls ?? []).map(({ name }) => names.take(name));
  const module: ModuleNames = {
    own: ownName, servers, clients, calls,
    starts: (source.starts ?? []).map(({ name }) => calls[source.calls?.findIndex((called) => called.name === name) ?? -1] ?? names.take(name)),
    globals: source.globals.map(({ value }, index) => ({
      name: source.debug.globals[index] === "" ? names.take("taken") : takeOwn(names, source.debug.globals[index] ?? "value", value.kind === "function" ? "called" : "read"),
      kind: kindOfGlobal(value.kind), helper: value.kind === "function" ? value.fn : null,
    })),
    records: (source.records ?? []).map(({ name }, index) => takeOwn(names, source.debug.records?.[index] ?? name, "read")),
    states: (source.states ?? []).map(({ name }, index) => takeOwn(names, source.debug.states?.[index] ?? name, "read")),
  };
  const p: Printing = {
    expression: (e) => printExpression(p, e), block: (block) => printBlock(p, block), pattern: (pattern, value, kind) => printPattern(p, pattern, value, kind),
    facts: { globals: source.globals, records: source.records ?? [], states: source.states ?? [], inputs: Object.keys({ ...source.inputs, ...source.inputSchemas }) },
    debug: source.debug, module, comments: createComments(source.debug), types: openTypes(source, servers, [...VALUE_NAMES, ...module.globals.map(({ name }) => name), ...module.records, ...module.states, ownName]), statementful: new WeakSet(), findings, raws, returned: null, filled: null, caught: null, frame: null, names, before: [],
  };
  return p;
}

/** What is called is told by its name where steps are marked: no parameter hides it. */
function takeOwn(names: Names, source: string, use: "called" | "read"): string {
  return names.take(source, use === "called" ? null : source);
}

function kindOfGlobal(kind: string): Kind {
  return kind === "array" || kind === "object" || kind === "regexp" ? kind : kind === "template" ? "string" : "any";
}

function serversOf({ tools = [], offers = [], triggers = [] }: Source): readonly string[] {
  const listened = triggers.flatMap((trigger) => (trigger.kind === "resource" ? [trigger.server] : []));
  return [...new Set([...tools.map(({ server }) => server), ...offers, ...listened])].sort();
}

/** The text of a module, with the imports that its body needs. */
function closeModule(p: Printing, docstring: string, body: readonly PyStatement[]): string {
  const found = namesIn(body);
  const from = (module: string, names: readonly string[]): readonly PyImport[] => (names.length === 0 ? [] : [{ module, names }]);
  const workflows = [...p.module.calls, ...p.module.starts].filter((name) => found.has(name));
  const { imports, declarations } = p.types.close();
  return layoutModule({
    docstring, declarations,
    imports: [
      ...imports,
      ...from("math", ["inf", "nan"].filter((name) => found.has(name) && p.names.isReserved(name))),
      ...Object.entries(PRINTED_NAMES).flatMap(([module, names]) => from(module, names.filter((name) => found.has(name) && p.names.isReserved(name)))),
      ...from(".servers", [...p.module.servers].filter(([, name]) => found.has(name)).map(([server, name]) => importedAs(p.module.clients.module(server), name))),
      ...[...new Set(workflows)].map((name): PyImport => ({ module: `.${name}`, names: [name] })),
    ],
    body,
  });
}

function importedAs(module: string, name: string): string {
  return module === name ? name : `${module} as ${name}`;
}

/** What else is in the package. */
const TAKEN: ReadonlySet<string> = new Set(["workflow", "servers", "profiles"]);

/** The module that a workflow is printed to, without `.py`. */
export function moduleName(program: Pick<Program, "name">): string {
  const name = snakeCase(program.name);
  return TAKEN.has(name) ? `${name}_` : name;
}

