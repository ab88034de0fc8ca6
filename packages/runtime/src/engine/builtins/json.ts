import { UnsafeInteger } from "../../base/index.ts";
import { depthLimit, typeError, unsafeInteger } from "../failure.ts";
import { article, isPlainObject, setOwn } from "../kinds.ts";
import { checkSize, MAX_DEPTH } from "../limits.ts";
import { burn, type Strand } from "../strand.ts";
import { derive, unknownOf } from "../unknown.ts";
import { FunctionValue, type Unknown, type Value } from "../value.ts";

/** `JSON.stringify(value, null, indent)`. Maps, sets and regular expressions, which it would empty silently, are a TYPE_ERROR. */
export function stringify(c: Strand, [value, replacer, indent]: readonly Value[]): Value {
  if (replacer !== null && replacer !== undefined) throw typeError("The second argument of JSON.stringify must be null.");
  if (indent !== undefined && typeof indent !== "number" && typeof indent !== "string") throw typeError("The indent of JSON.stringify must be a number or a string.");
  const copier = new JsonCopier(c);
  const plain = copier.copy(value, 0);
  if (copier.unknown.length > 0) return derive(c, ...copier.unknown);
  // V8 breaks lines for a part of a space (ECMAScript 25.5.2: whole ones count).
  const text: string | undefined = JSON.stringify(plain, null, typeof indent === "number" ? Math.trunc(indent) : indent);
  if (text !== undefined) checkSize(text.length, "The result of JSON.stringify");
  return text;
}

/** Checks a value and copies it without functions, which JSON leaves out. */
class JsonCopier {
  readonly unknown: Unknown[] = [];
  readonly #c: Strand;
  #size = 0;

  constructor(c: Strand) {
    this.#c = c;
  }

  copy(value: Value, depth: number): unknown {
    burn(this.#c, 1);
    if (typeof value === "string") this.#size += value.length;
    else this.#size += 1;
    checkSize(this.#size, "The result of JSON.stringify");
    if (typeof value !== "object" || value === null) return value;
    const unknown = unknownOf(this.#c, value);
    if (unknown !== null) {
      this.unknown.push(unknown);
      return null;
    }
    if (value instanceof UnsafeInteger) throw unsafeInteger("part of a text");
    if (value instanceof FunctionValue) return undefined;
    if (depth >= MAX_DEPTH) throw depthLimit();
    if (Array.isArray(value)) return (value as readonly Value[]).map((item) => this.copy(item, depth + 1));
    if (!isPlainObject(value)) throw typeError(`JSON.stringify takes no ${article(value).replace(/^an? /, "")}: make an array or an object of it.`);
    const object: { [key: string]: Value } = {};
    for (const key of Object.keys(value)) {
      this.#size += key.length;
      setOwn(object, key, this.copy(value[key], depth + 1) as Value);
    }
    return object;
  }
}
