import { type FieldType, unionOfTypes, type ValueType } from "../../base/index.ts";
import type { CallShape, ToolOfServer } from "../../tools/index.ts";
import type { DeclaredTypes } from "./declared-types.ts";
import { docstring } from "./docstring.ts";
import { methodText } from "./layout-module.ts";
import { isKeyword } from "./names.ts";
import { literal, type PyParameter } from "./tree.ts";

/** The classes of one tool. */
export interface PrintedTool {
  readonly name: string;
  readonly text: string;
}

/** Prints tools into a module whose types are `types`. */
export function createToolPrinter(types: DeclaredTypes): (tool: ToolOfServer, isGivenWhole: boolean) => PrintedTool {
  return (tool, isGivenWhole) => {
    const name = types.take(`${tool.base}Tool`);
    types.needs("Tool");
    types.needs("Awaitable");
    const signatures = [...signaturesOf(types, tool), ...(isGivenWhole && takesNames(tool) ? [wholeSignature(types, tool)] : [])];
    const doc = docstring(tool.doc, "    ");
    const own = `class ${name}(Tool):\n${doc}${doc === "" ? "" : "\n"}${callText(types, signatures.map(({ head, named, call }) => ({ head, named, result: types.write(call.result, `${tool.base}Result`) })), "call")}`;
    const paged = signatures.flatMap(({ head, named, call }) => (call.item === undefined ? [] : [{ head, named, item: call.item }]));
    if (paged.length === 0) return { name, text: own };
    types.needs("Pages");
    types.needs("Callable");
    types.needs("Literal");
    const pages = types.take(`${tool.base}Pages`);
    const items = types.write(unionOfTypes(paged.map(({ item }) => item)), `${tool.base}Item`);
    const method = `\n    def pages(\n        self,\n        *,\n        max: float | None = None,\n        until: Callable[[${items}], bool] | None = None,\n        truncate: Literal["allow"] | None = None,\n    ) -> ${pages}:\n        return ${pages}(self, max, until, truncate)\n`;
    const reader = `class ${pages}(Pages):\n    """All pages of it, as one list."""\n\n${callText(types, paged.map(({ head, named, item }) => ({ head, named, result: `list[${types.write(item, `${tool.base}Item`)}]` })), "read")}`;
    return { name, text: `${reader}\n\n${own}${method}` };
  };
}

function takesNames(tool: ToolOfServer): boolean {
  return !tool.open && tool.args.every(({ name }) => isKeyword(name));
}

/** All arguments in one mapping, which may be made while running: nobody knows what is in it. */
function wholeSignature(types: DeclaredTypes, { general }: ToolOfServer): Signature {
  types.needs("Any");
  types.needs("Mapping");
  return { head: [{ name: "arguments", annotation: "Mapping[str, Any]" }, SLASH], named: [], call: general };
}

/** What a call takes, and what it gives then. */
interface Signature {
  /** The parameters, behind `self`. */
  readonly head: readonly PyParameter[];
  /** Those that are told one by one. */
  readonly named: readonly string[];
  readonly call: CallShape;
}

function signaturesOf(types: DeclaredTypes, tool: ToolOfServer): readonly Signature[] {
  const rest = (fields: readonly FieldType[]): readonly PyParameter[] => {
    if (fields.length === 0) return [];
    types.needs("Unpack");
    const name = types.take(`${tool.base}Args`);
    types.declare(name, { type: { kind: "object", fields }, given: true });
    return [{ name: "**arguments", annotation: `Unpack[${name}]` }];
  };
  // What no argument by name can be, and what its server does not tell, is for the server to look at.
  if (!takesNames(tool)) {
    types.needs("Any");
    types.needs("Mapping");
    return [{ head: [SLASH, { name: "*given", annotation: "Mapping[str, Any]" }, OPEN], named: [], call: tool.general }];
  }
  const telling = new Set(tool.special.flatMap(({ equals }) => equals.map(({ argument }) => argument)));
  const fields = tool.args.filter(({ name }) => telling.has(name));
  const others = rest(tool.args.filter(({ name }) => !telling.has(name)));
  if (fields.length < telling.size || telling.size === 0) return [{ head: parameters([], telling.size === 0 ? others : rest(tool.args)), named: [], call: tool.general }];
  const named = fields.map(({ name }) => name);
  const said = (known: ReadonlyMap<string, ValueType>): readonly PyParameter[] => fields.map((field) => {
    const type = known.get(field.name);
    const annotation = types.write(type ?? field.type, `${tool.base}${field.name}`, "takes");
    return { name: field.name, annotation, ...(type === undefined && field.optional === true ? { fallback: literal("...") } : {}) };
  });
  const special = tool.special.map(({ equals, ...call }): Signature => ({
    head: parameters(said(new Map(equals.map(({ argument, equals: value }): [string, ValueType] => [argument, value === null ? { kind: "null" } : { kind: "literal", value }]))), others), named, call,
  }));
  return [...special, { head: parameters(said(new Map()), others), named, call: tool.general }];
}

function parameters(named: readonly PyParameter[], rest: readonly PyParameter[]): readonly PyParameter[] {
  return [...(named.length === 0 && rest.length === 0 ? [] : [SLASH]), ...(named.length === 0 ? [] : [{ name: "*" }, ...named]), ...rest];
}

const SELF: PyParameter = { name: "self" };
const SLASH: PyParameter = { name: "/" };
const OPEN: PyParameter = { name: "**arguments", annotation: "Any" };

const WHOLE_OR_NAMED = "given[0] if given else arguments";

/** `__call__`: one signature, or an overload for each. */
function callText(types: DeclaredTypes, signatures: readonly (Pick<Signature, "head" | "named"> & { readonly result: string })[], does: "call" | "read"): string {
  const [only] = signatures;
  if (signatures.length === 1 && only !== undefined) {
    // What only a declaration may leave open.
    const isOpen = only.head.some(({ fallback }) => fallback !== undefined);
    if (isOpen) types.needs("Any");
    const has = (part: string): boolean => only.head.some(({ name }) => name === part);
    const given = has("*given") ? WHOLE_OR_NAMED
      : isOpen || (only.named.length === 0 && has("**arguments")) ? "arguments" : `{${[...only.named.map((name) => `"${name}": ${name}`), ...(has("**arguments") ? ["**arguments"] : [])].join(", ")}}`;
    return `${methodText("__call__", [SELF, ...(isOpen ? [SLASH, OPEN] : only.head)], `Awaitable[${only.result}]`)}        return self.${does}(${given})\n`;
  }
  types.needs("Any");
  types.needs("overload");
  const overloads = signatures.map(({ head, result }) => `    @overload\n${methodText("__call__", [SELF, ...(head.length === 0 ? [SLASH] : head)], `Awaitable[${result}]`, " ...")}`);
  return `${overloads.join("\n")}\n    def __call__(self, /, *given: Any, **arguments: Any) -> Any:\n        return self.${does}(${WHOLE_OR_NAMED})\n`;
}
