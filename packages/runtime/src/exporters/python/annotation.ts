import type { NamedType, ValueType } from "../../base/index.ts";
import { numberText, quoted } from "./literals.ts";

/** An object type that has members. */
export type ObjectType = Extract<ValueType, { readonly kind: "object" }>;

/** Where annotations get their names from. */
export interface AnnotationNames {
  /** What a named type is called here. */
  named(type: NamedType, write: (inner: ValueType) => string): string;
  /** Declares an object that has no name, called after where it occurs, and gives its name. */
  object(type: ObjectType, hint: string): string;
  /** Notes a name that has to be imported. */
  needs(name: PythonName): void;
}

/** Names of other modules that annotations are made of, by module. */
export const ANNOTATION_NAMES = {
  "collections.abc": ["Awaitable", "Callable", "Mapping", "Sequence"],
  typing: ["Any", "Literal", "Never", "NotRequired", "TypeAlias", "TypedDict", "Union", "Unpack", "overload"],
  offstage: [
    "Approval", "Binding", "Context", "Pages", "Prompt", "QueueEvent", "RawResult", "Record", "RecordContext", "Resource", "ResourceEvent", "Run", "ScheduleEvent", "State", "Tool", "WebhookEvent",
  ],
  "offstage.javascript": ["Map", "Set", "Undefined"],
} as const;
export type PythonName = (typeof ANNOTATION_NAMES)[keyof typeof ANNOTATION_NAMES][number];

/**
 * How an annotation is written. `takes`: of what is given to something, which may be any list or mapping; `has`: of what is there.
 * `eager`: Python evaluates it where it stands, so that names of classes further down have to be quoted; `isThere` says which are not.
 */
export interface AnnotationStyle {
  readonly side: "takes" | "has";
  readonly isThere?: (name: string) => boolean;
}

/** The annotation of a type. `hint`: what an object in it is called after. */
export function annotation(type: ValueType, names: AnnotationNames, hint: string, style: AnnotationStyle = { side: "has" }): string {
  const next = (inner: ValueType, more = "", side: AnnotationStyle["side"] = "has"): string => annotation(inner, names, hint + more, { ...style, side });
  const library = (name: PythonName): string => {
    names.needs(name);
    return name;
  };
  const own = (name: string): string => (style.isThere === undefined || style.isThere(name) ? name : quoted(name));
  switch (type.kind) {
    case "any":
    case "unknown":
    case "regexp":
      return library("Any");
    case "never": return library("Never");
    case "string": return "str";
    case "number": return "float";
    case "boolean": return "bool";
    case "null": return "None";
    case "undefined": return library("Undefined");
    case "literal": return typeof type.value === "number" && !Number.isSafeInteger(type.value) ? "float" : `${library("Literal")}[${literalText(type.value)}]`;
    case "named": return own(names.named(type, (inner) => next(inner)));
    case "array": return `${style.side === "takes" ? library("Sequence") : "list"}[${next(type.items, "Item", style.side)}]`;
    // A list in JavaScript, whatever it holds where.
    case "tuple": return next({ kind: "array", items: union(type.items) }, "", style.side);
    case "set": return `${library("Set")}[${next(type.items, "Item")}]`;
    case "map": return `${library("Map")}[${next(type.key, "Key")}, ${next(type.value, "Value")}]`;
    case "function": {
      const result = next(type.result, "Result");
      return `${library("Callable")}[[${type.parameters.map((parameter, index) => next(parameter, `Argument${index + 1}`)).join(", ")}], ${type.waits === true ? `${library("Awaitable")}[${result}]` : result}]`;
    }
    case "object":
      if (type.fields.length === 0) return `${style.side === "takes" ? library("Mapping") : "dict"}[str, ${type.index === undefined ? "object" : next(type.index, "Value", style.side)}]`;
      return own(names.object(type, hint));
    case "union": return unionText(type.parts, next, style, library);
  }
}

function union(parts: readonly ValueType[]): ValueType {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : parts.length === 0 ? { kind: "any" } : { kind: "union", parts };
}

function unionText(parts: readonly ValueType[], next: (inner: ValueType, more?: string, side?: AnnotationStyle["side"]) => string, style: AnnotationStyle, library: (name: PythonName) => string): string {
  const literals = parts.flatMap((part) => (part.kind === "literal" && !(typeof part.value === "number" && !Number.isSafeInteger(part.value)) ? [literalText(part.value)] : []));
  const isLast = (part: ValueType): boolean => part.kind === "null" || part.kind === "undefined";
  const others = parts.filter((part) => !isLast(part) && !(part.kind === "literal" && literals.length > 0 && !(typeof part.value === "number" && !Number.isSafeInteger(part.value))));
  // Two objects in one place are told apart by a number.
  const objects = others.filter((part) => part.kind === "object" && part.fields.length > 0);
  const texts = [
    ...(literals.length === 0 ? [] : [`${library("Literal")}[${literals.join(", ")}]`]),
    ...others.map((part) => next(part, objects.indexOf(part as never) > 0 ? String(objects.indexOf(part as never) + 1) : "", style.side)),
    // ruff wants None to be the last.
    ...parts.filter(isLast).toSorted((a, b) => Number(a.kind === "null") - Number(b.kind === "null")).map((part) => next(part)),
  ];
  const distinct = [...new Set(texts)];
  if (distinct.length === 1) return distinct[0] ?? "Any";
  if (distinct.includes("Any")) return "Any";
  return distinct.some((text) => text.startsWith('"')) ? `${library("Union")}[${distinct.join(", ")}]` : distinct.join(" | ");
}

function literalText(value: string | number | boolean): string {
  return typeof value === "string" ? quoted(value) : typeof value === "boolean" ? (value ? "True" : "False") : numberText(value);
}
