import type { Block, LocalRef, Statement } from "../../program/index.ts";
import { andThen, BREAK, type Code, type Compiler, type Completion, CONTINUE, type Doing, type Exec, type Frame, type Later, type LaterExec, NORMAL, type Place, RETURN } from "../code.ts";
import { isTrue } from "../operators.ts";
import { planBoth } from "../paths.ts";
import type { Strand } from "../strand.ts";
import { thrownFrom } from "../thrown.ts";
import { Unknown, type Value } from "../value.ts";
import { compileForOf } from "./loops.ts";
import { compileTry } from "./tries.ts";

/** Statements in order, until one does not end normally. */
export function compileBlock(block: Block, place: Place, compiler: Compiler): Doing {
  const all = block.map((statement) => compilePlaced(statement, place, compiler));
  const [only] = all;
  if (all.length === 1 && only !== undefined) return only;
  if (all.some((doing) => doing.pauses)) return { pauses: true, run: laterBlock(all) };
  const runs = all.map((doing) => doing.run as Exec);
  return {
    pauses: false,
    run: (f, c) => {
      for (let index = 0; index < runs.length; index++) {
        const completion = (runs[index] as Exec)(f, c);
        if (completion !== NORMAL) return completion;
      }
      return NORMAL;
    },
  };
}

function laterBlock(all: readonly Doing[]): LaterExec {
  return (f, c) => {
    const from = (begin: number): Later<Completion> => {
      for (let index = begin; index < all.length; index++) {
        const completion = (all[index] as Doing).run(f, c);
        if (completion instanceof Promise) return completion.then((known) => (known === NORMAL ? from(index + 1) : known));
        if (completion !== NORMAL) return completion;
      }
      return NORMAL;
    };
    return from(0);
  };
}

/** What only contains others, or does nothing that can fail, has no place of its own to tell. */
const PLACELESS: ReadonlySet<Statement["kind"]> = new Set<Statement["kind"]>(["block", "try", "break", "continue"]);

function compilePlaced(node: Statement, place: Place, compiler: Compiler): Doing {
  const doing = compileStatement(node, place, compiler);
  return PLACELESS.has(node.kind) ? doing : compiler.placed(node.at, doing);
}

function compileStatement(node: Statement, place: Place, compiler: Compiler): Doing {
  switch (node.kind) {
    case "declare": {
      const bind = compiler.pattern(node.pattern, place);
      return afterwards(compiler.expression(node.value, place), (f, c, value) => {
        bind(f, c, value);
        return NORMAL;
      });
    }
    case "expression":
      return afterwards(compiler.expression(node.value, place), () => NORMAL);
    case "return":
      return compileReturn(node.value === undefined ? null : compiler.expression(node.value, place));
    case "throw":
      return afterwards(compiler.expression(node.value, place), (_, _c, value) => {
        throw thrownFrom(value);
      });
    case "break":
      return { pauses: false, run: () => BREAK };
    case "continue":
      return { pauses: false, run: () => CONTINUE };
    case "block":
      return compiler.block(node.body, place);
    case "if":
      return compileIf(compiler.expression(node.test, place), compiler.block(node.then, place), compiler.block(node.otherwise, place), node.assigns);
    case "for-of":
      return compileForOf(node, place, compiler);
    case "try":
      return compileTry(node, place, compiler);
  }
}

function afterwards(value: Code, then: (f: Frame, c: Strand, value: Value) => Completion): Doing {
  if (value.pauses) return { pauses: true, run: (f, c) => andThen(value.run(f, c), (known) => then(f, c, known)) };
  const { run } = value;
  return { pauses: false, run: (f, c) => then(f, c, run(f, c)) };
}

function compileReturn(value: Code | null): Doing {
  const done = (_: Frame, c: Strand, known: Value): Completion => {
    c.returned = known;
    return RETURN;
  };
  return value === null ? { pauses: false, run: (f, c) => done(f, c, undefined) } : afterwards(value, done);
}

function compileIf(test: Code, then: Doing, otherwise: Doing, assigns: readonly LocalRef[]): Doing {
  const side = (doing: Doing, f: Frame, c: Strand) => () => andThen<Completion, { readonly completion: Completion; readonly value: Value }>(doing.run(f, c), (completion) => ({ completion, value: undefined }));
  const go = (f: Frame, c: Strand, known: Value): Later<Completion> => {
    if (known instanceof Unknown) return andThen(planBoth(c, f, known, assigns, side(then, f, c), side(otherwise, f, c)), ({ completion }) => completion);
    return isTrue(known) ? then.run(f, c) : otherwise.run(f, c);
  };
  if (test.pauses || then.pauses || otherwise.pauses) return { pauses: true, run: (f, c) => andThen(test.run(f, c), (known) => go(f, c, known)) };
  const { run } = test;
  return { pauses: false, run: (f, c) => go(f, c, run(f, c)) as Completion };
}
