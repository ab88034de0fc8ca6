import type { Draw } from "./draw.ts";
import { Grower, outerScope, type Scope } from "./grow.ts";
import type { Tree } from "./tree.ts";
import { TYPE_TEXT, type TypeName } from "./typed-names.ts";

/** Where a statement stands. */
interface Place {
  readonly scope: Scope;
  /** Locals of the same function that can be assigned. */
  readonly lets: Scope["names"];
  /** Lists, maps and sets that the same function made. */
  readonly own: Scope["names"];
  readonly inLoop: boolean;
  /** The helper around returns numbers; the program's own body anything. */
  readonly inHelper: boolean;
  readonly depth: number;
}

type Made = { readonly tree: Tree; readonly after: Place };
type Maker = (place: Place) => Made;

const VALUES: readonly TypeName[] = ["num", "str", "bool", "nums", "strs", "optStr", "optNum", "item", "map", "set", "json", "rec", "nulStr"];
const ASSIGNED: readonly TypeName[] = ["num", "num", "str", "bool", "optStr", "optNum", "nums"];

/** Grows whole programs: bodies of arrows with every statement of the subset. What they end with shows all their locals. */
export class ProgramGrower {
  readonly #draw: Draw;
  readonly #grower: Grower;

  constructor(draw: Draw) {
    this.#draw = draw;
    this.#grower = new Grower(draw);
  }

  program(awaits: boolean): Tree {
    const place: Place = { scope: outerScope(awaits), lets: [], own: [], inLoop: false, inHelper: false, depth: 3 };
    const { trees, after } = this.#statements(place, 3 + this.#draw.below(5));
    const shown = after.scope.names.filter(([name]) => name.includes("_")).map(([name]) => name);
    return { type: "body", parts: ["{\n", ...trees, `return [${shown.join(", ")}];\n}`] };
  }

  #statements(place: Place, count: number): { readonly trees: readonly Tree[]; readonly after: Place } {
    const trees: Tree[] = [];
    let after = place;
    for (let index = 0; index < count; index++) {
      const made = this.#statement(after);
      trees.push(made.tree);
      after = made.after;
    }
    return { trees, after };
  }

  #statement(place: Place): Made {
    const flat: readonly Maker[] = [this.#declare, this.#let, this.#assign, this.#assign, this.#change, this.#change, this.#own, this.#takeApart, this.#leave];
    const deep: readonly Maker[] = [this.#if, this.#loop, this.#loop, this.#try, this.#helper, this.#block];
    const maker = this.#draw.pick(place.depth > 0 && this.#draw.chance(0.45) ? deep : flat);
    return maker(place);
  }

  /** A block of its own: what it declares ends with it. */
  #body(place: Place, scope: Scope = place.scope): Tree {
    const { trees } = this.#statements({ ...place, scope, depth: place.depth - 1 }, 1 + this.#draw.below(3));
    return { type: "stmts", parts: ["{\n", ...trees, "}"] };
  }

  #expression(type: TypeName, { scope }: Place): Tree {
    return this.#grower.expression(type, scope, 1 + this.#draw.below(2));
  }

  readonly #declare: Maker = (place) => {
    const type = this.#draw.pick(VALUES);
    const name = this.#grower.name("c");
    return { tree: statement(`const ${name}: ${TYPE_TEXT[type]} = `, this.#expression(type, place), ";"), after: withName(place, name, type) };
  };

  readonly #let: Maker = (place) => {
    const type = this.#draw.pick(ASSIGNED);
    const name = this.#grower.name("l");
    const after = withName(place, name, type);
    // The assertion keeps TypeScript from knowing which of a union's members it is.
    return { tree: statement(`let ${name}: ${TYPE_TEXT[type]} = `, this.#expression(type, place), ` as ${TYPE_TEXT[type]};`), after: { ...after, lets: [...after.lets, [name, type]] } };
  };

  readonly #assign: Maker = (place) => {
    if (place.lets.length === 0) return this.#let(place);
    const [name, type] = this.#draw.pick(place.lets);
    const [operators, of]: readonly [readonly string[], TypeName] =
      type === "num" ? [["=", "+=", "-=", "*=", "/=", "%="], "num"] : type === "str" ? [["=", "+=", "||=", "&&="], "str"] : type === "bool" ? [["=", "||=", "&&="], "bool"]
      : type === "optStr" ? [["=", "??=", "||=", "&&="], "str"] : type === "optNum" ? [["=", "??="], "num"] : [["="], type];
    const tree = statement(`${name} ${this.#draw.pick(operators)} `, this.#expression(of, place), ";");
    return { tree, after: place };
  };

  readonly #own: Maker = (place) => {
    const type = this.#draw.pick(["map", "set", "nums", "strs"] as const);
    const name = this.#grower.name("o");
    const made = { map: ["new Map<string, number>(", "pairs", ")"], set: ["new Set<string>(", "strs", ")"], nums: ["[...", "nums", "]"], strs: ["[...", "strs", "]"] } as const;
    const [before, from, behind] = made[type];
    const after = withName(place, name, type);
    return { tree: statement(`const ${name} = ${before}`, this.#expression(from, place), `${behind};`), after: { ...after, own: [...after.own, [name, type]] } };
  };

  readonly #change: Maker = (place) => {
    if (place.own.length === 0) return this.#own(place);
    const [name, type] = this.#draw.pick(place.own);
    const value = (of: TypeName): Tree => this.#expression(of, place);
    // What is gone through while it grows has to end some time; so nothing is taken out in a loop, to be put in behind again.
    const removes = !place.inLoop && this.#draw.chance(0.3);
    if (removes && (type === "map" || type === "set")) return { tree: statement(`${name}.delete(`, value("str"), ");"), after: place };
    if (type === "map") return { tree: statement(`if (${name}.size < 8) ${name}.set(`, value("str"), ", ", value("num"), ");"), after: place };
    if (type === "set") return { tree: statement(`if (${name}.size < 8) ${name}.add(`, value("str"), ");"), after: place };
    return { tree: statement(`if (${name}.length < 8) ${name}.push(`, value(type === "nums" ? "num" : "str"), ", ...", value(type), ".slice(0, 3));"), after: place };
  };

  readonly #takeApart: Maker = (place) => {
    const name = (stem: string): string => this.#grower.name(stem);
    const value = (type: TypeName): Tree => this.#expression(type, place);
    // A default cannot wait.
    const fallback = (type: TypeName): Tree => this.#expression(type, { ...place, scope: { ...place.scope, awaits: false } });
    const [a, b, c, d] = [name("d"), name("d"), name("d"), name("d")];
    switch (this.#draw.below(4)) {
      case 0: return { tree: statement(`const [${a} = `, fallback("num"), `, , ${b} = `, fallback("num"), `, ...${c}] = `, value("nums"), ";"), after: withNames(place, [a, "num"], [b, "num"], [c, "nums"]) };
      case 1: {
        const rest = name("r");
        const tree = statement(`const { name: ${a}, tags: [${b} = `, fallback("str"), `, ...${c}], more: { note: ${d} } = { note: `, fallback("nulStr"), ` }, ...${rest} } = `, value("item"), ";");
        return { tree, after: withNames(place, [a, "str"], [b, "str"], [c, "strs"], [d, "nulStr"], [rest, "rest"]) };
      }
      case 2: return { tree: statement(`const { toString: ${a}, $: ${b}, "10": ${c}, hasOwnProperty: [${d}] } = `, value("odd"), ";"), after: withNames(place, [a, "str"], [b, "strs"], [c, "num"], [d, "optStr"]) };
      default: return { tree: statement(`const [${a}, ${b}] = `, value("pair"), ";"), after: withNames(place, [a, "str"], [b, "num"]) };
    }
  };

  /** `break`, `continue`, `return` and `throw`, under a condition so that what follows is reached. */
  readonly #leave: Maker = (place) => {
    const value = (type: TypeName): Tree => this.#expression(type, place);
    const ways: readonly (() => readonly (string | Tree)[])[] = [
      ...(place.inLoop ? [() => ["break;"], () => ["continue;"]] : []),
      () => ["return ", value(place.inHelper ? "num" : this.#draw.pick(VALUES)), ";"],
      () => ["throw fail(", value("str"), ");"],
    ];
    return { tree: statement("if (", value("cond"), ") ", ...this.#draw.pick(ways)()), after: place };
  };

  readonly #if: Maker = (place) => {
    const parts: (string | Tree)[] = ["if (", this.#expression("cond", place), ") ", this.#body(place)];
    if (this.#draw.chance(0.3)) parts.push(" else if (", this.#expression("cond", place), ") ", this.#body(place));
    if (this.#draw.chance(0.5)) parts.push(" else ", this.#body(place));
    return { tree: statement(...parts), after: place };
  };

  readonly #loop: Maker = (place) => {
    const [a, b] = [this.#grower.name("t"), this.#grower.name("t")];
    const kinds: readonly (readonly [pattern: string, of: TypeName, names: Scope["names"]])[] = [
      [a, "strs", [[a, "str"]]], [a, "nums", [[a, "num"]]], [a, "items", [[a, "item"]]], [a, "str", [[a, "str"]]], [a, "set", [[a, "str"]]], [`[${a}, ${b}]`, "map", [[a, "str"], [b, "num"]]],
      [`[${a}, ${b}]`, "pairs", [[a, "str"], [b, "num"]]], [`{ id: ${a}, tags: [${b}] }`, "items", [[a, "num"], [b, "optStr"]]],
    ];
    const [pattern, of, names] = this.#draw.pick(kinds);
    const inner: Scope = { ...place.scope, names: [...place.scope.names, ...names] };
    return { tree: statement(`for (const ${pattern} of `, this.#expression(of, place), ") ", this.#body({ ...place, inLoop: true }, inner)), after: place };
  };

  readonly #try: Maker = (place) => {
    const body = this.#body(place);
    const told = this.#grower.name("e");
    const isFail = `(${told} as StepError).code === "FAILED"`;
    const inner = withName(place, `(${isFail} ? (${told} as StepError).message : "")`, "str");
    const rethrow = statement("if (", this.#expression("cond", place), `) throw ${told};\n`);
    const handler = this.#body(place, inner.scope);
    return { tree: this.#draw.chance(0.3) ? statement("try ", body, " catch ", this.#body(place)) : statement("try ", body, ` catch (${told}) {\n`, rethrow, handler, "}"), after: place };
  };

  /** A helper with parameters of all kinds, and a call of it. */
  readonly #helper: Maker = (place) => {
    const [f, a, b, c, r] = [this.#grower.name("f"), this.#grower.name("p"), this.#grower.name("p"), this.#grower.name("p"), this.#grower.name("c")];
    const isAsync = place.scope.awaits && this.#draw.chance(0.5);
    const names: Scope["names"] = [...place.scope.names, [a, "num"], [b, "str"], [c, "nums"]];
    const scope: Scope = { names, awaits: isAsync };
    const { trees } = this.#statements({ scope, lets: [], own: [], inLoop: false, inHelper: true, depth: place.depth - 1 }, 1 + this.#draw.below(3));
    const body: Tree = { type: "stmts", parts: [...trees, statement("return ", this.#grower.expression("num", scope, 2), ";")] };
    const tree = statement(
      `const ${f} = ${isAsync ? "async " : ""}(${a}: number, ${b}: string = `, this.#grower.expression("str", { names: [...place.scope.names, [a, "num"]], awaits: false }, 1), `, ...${c}: readonly number[]) => {\n`, body, `};\n`,
      `const ${r} = ${isAsync ? "await " : ""}${f}(`, this.#expression("num", place), ...(this.#draw.chance(0.5) ? [", ", this.#expression("str", place), ", ...", this.#expression("nums", place)] : []), ");",
    );
    return { tree, after: withName(place, r, "num") };
  };

  readonly #block: Maker = (place) => ({ tree: this.#body(place), after: place });
}

function statement(...parts: readonly (string | Tree)[]): Tree {
  return { type: "stmt", parts: [...parts, "\n"] };
}

function withName(place: Place, name: string, type: TypeName): Place {
  return withNames(place, [name, type]);
}

function withNames(place: Place, ...names: Scope["names"]): Place {
  return { ...place, scope: { ...place.scope, names: [...place.scope.names, ...names] } };
}
