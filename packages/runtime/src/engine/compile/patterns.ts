import { OffstageError } from "../../base/index.ts";
import type { ElementPattern, Pattern } from "../../program/index.ts";
import type { Bind, Compiler, Eval, Frame, Place } from "../code.ts";
import { typeError } from "../failure.ts";
import { elementsOf } from "../iterate.ts";
import { isPlainObject, kindOf, setOwn } from "../kinds.ts";
import { propertyReader } from "../members.ts";
import type { Strand } from "../strand.ts";
import { born, derive, unknownOf } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";

/** Compiles the left side of a declaration, or a parameter. What is unknown makes every local in it unknown. */
export function compilePattern(pattern: Pattern, place: Place, compiler: Compiler): Bind {
  switch (pattern.kind) {
    case "bind": {
      const at = pattern.slot + 1;
      return (f, _, value) => {
        f[at] = value;
      };
    }
    case "object":
      return compileObjectPattern(pattern, place, compiler);
    case "array":
      return compileArrayPattern(pattern, place, compiler);
  }
}

/** A part of a pattern, with what stands in for undefined. */
export function compileElement(element: ElementPattern, place: Place, compiler: Compiler): Bind {
  const bind = compiler.pattern(element.pattern, place);
  if (element.fallback === undefined) return bind;
  const fallback = compiler.expression(element.fallback, { ...place, chain: false });
  if (fallback.pauses) throw new OffstageError("NOT_YET", "A call as the default of a pattern is not built yet.", { hint: "Write it before: `const x = value ?? (await …)`." });
  const run: Eval = fallback.run;
  return (f, c, value) => bind(f, c, value === undefined ? run(f, c) : value);
}

function compileObjectPattern(pattern: Extract<Pattern, { readonly kind: "object" }>, place: Place, compiler: Compiler): Bind {
  const parts = pattern.properties.map((property) => ({ read: propertyReader(property.key), bind: compileElement(property, place, compiler) }));
  const taken = new Set(pattern.properties.map((property) => property.key));
  const rest = pattern.rest === undefined ? null : pattern.rest.slot + 1;
  return (f, c, value) => {
    if (value === null || value === undefined) throw typeError(`Cannot take ${kindOf(value)} apart.`);
    for (const part of parts) part.bind(f, c, part.read(c, value));
    if (rest !== null) f[rest] = restOf(c, value, taken);
  };
}

function restOf(c: Strand, value: Value, taken: ReadonlySet<string>): Value {
  const unknown = unknownOf(c, value);
  if (unknown !== null) return derive(c, unknown);
  if (!isPlainObject(value)) throw typeError(`Cannot take the rest of a ${kindOf(value)}.`);
  const rest: { [key: string]: Value } = {};
  for (const key of Object.keys(value)) if (!taken.has(key)) setOwn(rest, key, value[key]);
  return rest;
}

function compileArrayPattern(pattern: Extract<Pattern, { readonly kind: "array" }>, place: Place, compiler: Compiler): Bind {
  const parts = pattern.elements.map((element) => (element === null ? null : compileElement(element, place, compiler)));
  const rest = pattern.rest === undefined ? null : compiler.pattern(pattern.rest, place);
  const bindAll = (f: Frame, c: Strand, at: (index: number) => Value, left: Value): void => {
    parts.forEach((bind, index) => bind?.(f, c, at(index)));
    rest?.(f, c, left);
  };
  return (f, c, value) => {
    const elements = elementsOf(c, value, "A pattern [ ]");
    if (elements instanceof Unknown) bindAll(f, c, () => elements, elements);
    else bindAll(f, c, (index) => elements[index], rest === null ? undefined : born(c, elements.slice(parts.length)));
  };
}
