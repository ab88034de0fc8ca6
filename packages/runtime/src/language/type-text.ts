import { ts } from "./typescript.ts";

const MAX_DEPTH = 12;

/**
 * A type as TypeScript text that means the same in any module: structures are written out, no name of the module that
 * declares them is left. What is too deep, or cannot be told apart from its methods, is `any`.
 */
export function typeText(checker: ts.TypeChecker, type: ts.Type, depth = 0): string {
  const next = (inner: ts.Type): string => typeText(checker, inner, depth + 1);
  if (depth > MAX_DEPTH) return "any";
  if (type.flags & ts.TypeFlags.BooleanLike) return type.flags & ts.TypeFlags.BooleanLiteral ? checker.typeToString(type) : "boolean";
  if (type.isUnion()) return unionText(type.types.map(next));
  if (type.isStringLiteral()) return JSON.stringify(type.value);
  if (type.flags & PRIMITIVE) return checker.typeToString(type);
  if (type.flags & ts.TypeFlags.StringLike) return "string";
  if (type.flags & ts.TypeFlags.NumberLike) return type.isNumberLiteral() ? String(type.value) : "number";
  if (checker.isTupleType(type)) return `readonly [${checker.getTypeArguments(type as ts.TypeReference).map(next).join(", ")}]`;
  if (checker.isArrayType(type)) return `readonly ${group(next(checker.getTypeArguments(type as ts.TypeReference)[0] ?? checker.getAnyType()))}[]`;
  if (type.isIntersection()) return primitiveOf(type) ?? objectText(checker, type, next);
  return type.flags & ts.TypeFlags.Object ? objectText(checker, type, next) : "any";
}

const PRIMITIVE = ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.String | ts.TypeFlags.Number | ts.TypeFlags.Null | ts.TypeFlags.Undefined | ts.TypeFlags.Void | ts.TypeFlags.Never;

function objectText(checker: ts.TypeChecker, type: ts.Type, next: (inner: ts.Type) => string): string {
  if (type.getCallSignatures().length > 0) return "any";
  const properties = checker.getPropertiesOfType(type);
  const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
  if (properties.some((property) => property.name.startsWith("__@"))) return "any"; // Maps, sets, brands: no data.
  const members = properties.map((property) => {
    const optional = property.flags & ts.SymbolFlags.Optional ? "?" : "";
    const name = /^[A-Za-z_$][\w$]*$/.test(property.name) ? property.name : JSON.stringify(property.name);
    return `readonly ${name}${optional}: ${next(checker.getTypeOfSymbol(property))}`;
  });
  if (index !== undefined) members.push(`readonly [key: string]: ${next(index.type)}`);
  return members.length === 0 ? "{}" : `{ ${members.join("; ")} }`;
}

/** A branded primitive, without its brand. */
function primitiveOf(type: ts.IntersectionType): string | null {
  if (type.types.some((part) => part.flags & ts.TypeFlags.StringLike)) return "string";
  return type.types.some((part) => part.flags & ts.TypeFlags.NumberLike) ? "number" : null;
}

function group(text: string): string {
  return text.includes(" | ") ? `(${text})` : text;
}

/** In an order of its own: the compiler's depends on what it saw before. */
function unionText(texts: readonly string[]): string {
  const parts = new Set(texts);
  if (parts.has("any")) return "any";
  if (parts.has("true") && parts.has("false")) parts.add("boolean");
  if (parts.has("boolean")) for (const part of ["true", "false"]) parts.delete(part);
  const last = ["null", "undefined"].filter((part) => parts.delete(part));
  return [...[...parts].toSorted(), ...last].join(" | ");
}
