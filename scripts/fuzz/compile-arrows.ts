import { type Compiler, createCompiler } from "offstage/language";
import type { Program } from "offstage/program";
import { type Helpers, helpersOf } from "../../packages/runtime/src/testing/helpers-of.ts";
import { parameterText, SAMPLES_DECLARATION, TYPE_DECLARATIONS } from "./typed-names.ts";

/** Generated arrows of one module, compiled by the real compiler. */
export interface Arrows {
  readonly helpers: Helpers;
  readonly program: Program;
  /** The module's text without imports and workflow: what Node can run. */
  readonly text: string;
  /** Index of an arrow → the codes that refused it. The others are compiled. */
  readonly refused: ReadonlyMap<number, readonly string[]>;
}

const SERVERS = `import type { ServerBase } from "offstage";
export declare const world: ServerBase & { get(args?: any): Promise<any> };`;
const HEAD = `import { workflow, capture, captures, lines, chunk, range, groupBy, fail, hash, iso, time, duration, parseCsv, quote, type Json, type StepError } from "offstage";
import { world } from "#servers";`;
const FOOT = `export default workflow({ name: "fuzz", description: "", on: [] }, async () => null);`;
const DECLARATIONS = `${TYPE_DECLARATIONS}\n${SAMPLES_DECLARATION}`;

let compiler: Compiler | null = null;

/** The name of the arrow at that place. */
export function arrowName(index: number): string {
  return `e${index}`;
}

/** Compiles bodies of arrows (`=> body`) in one module. What the checker refuses is taken out, so that one does not spoil all. */
export function compileArrows(bodies: readonly string[], kind: "pure" | "async"): Arrows {
  const refused = new Map<number, readonly string[]>();
  for (;;) {
    const kept = bodies.map((body, index) => (refused.has(index) ? "" : `const ${arrowName(index)} = ${kind === "async" ? "async " : ""}(${parameterText(body)}) => ${body};`));
    const before = `${HEAD}\n${DECLARATIONS}\n`;
    const source = `${before}${kept.join("\n")}\n${FOOT}`;
    // As long as it takes: what is generated is large, and the machine may have much to do.
    compiler ??= createCompiler({ timeLimit: (work) => ({ ended: true, value: work() }) });
    const { program, diagnostics } = compiler.compileWorkflow({ file: "fuzz.ts", source, serverTypes: SERVERS, mayWrite: () => false });
    if (program !== null) return { program, helpers: helpersOf(program), text: `${DECLARATIONS}\n${kept.join("\n")}`, refused };
    const places = arrowsByLine(kept, before.split("\n").length);
    let found = false;
    for (const { line, code, severity } of diagnostics) {
      const index = places.get(line);
      if (severity !== "error" || index === undefined) continue;
      found = true;
      refused.set(index, [...(refused.get(index) ?? []), code]);
    }
    if (!found) throw new Error(`The generated module does not check, and no arrow of it is to blame: ${JSON.stringify(diagnostics.slice(0, 3))}`);
  }
}

/** Line of the module → the arrow that stands there. */
function arrowsByLine(arrows: readonly string[], first: number): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  let line = first;
  arrows.forEach((arrow, index) => {
    for (let count = arrow.split("\n").length; count > 0; count--) places.set(line++, index);
  });
  return places;
}
