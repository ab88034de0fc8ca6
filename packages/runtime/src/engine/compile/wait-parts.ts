import type { Expression, WaitNode } from "../../program/index.ts";

const NOTHING: Expression = { kind: "undefined" };

/** The values that a step which may wait is taken with, in the order in which they are evaluated. */
export function waitParts(node: WaitNode): readonly Expression[] {
  switch (node.kind) {
    case "sleep":
      return [node.duration];
    case "until":
      return [node.time];
    case "approve":
      return [node.message, node.show ?? NOTHING, node.by ?? NOTHING, node.within ?? NOTHING];
    case "poll":
      return [node.every, node.max, { kind: "function", fn: node.turn }];
    case "wait-for":
      return [node.when === undefined ? NOTHING : { kind: "function", fn: node.when }, node.within ?? NOTHING];
  }
}
