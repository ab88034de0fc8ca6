import type { Faults } from "./faults.ts";
import { createTypeCases } from "./type-cases.ts";
import { ts } from "./typescript.ts";

const K = ts.SyntaxKind;
/** More than a person means; few enough to be written out in no time. */
const MAX_CASES = 1000;

/**
 * Looks at the types of a module before the type checker does. Types that compute are refused there and then: the checker
 * could be made to compute for ever. False when the checker must not see the module.
 */
export function checkTypeSyntax(source: ts.SourceFile, faults: Faults): boolean {
  let bounded = true;
  const cases = createTypeCases(source);
  const visit = (node: ts.Node): void => {
    const computes = computing(node);
    if (computes !== null) {
      bounded = false;
      faults.error(node, "TYPE_PROGRAM", `${computes} would make the checker compute.`, "Write the type out, or use one that the servers' types already have.");
      return;
    }
    if (ts.isIntersectionTypeNode(node) && cases(node) > MAX_CASES) {
      bounded = false;
      faults.error(node, "TYPE_PROGRAM", `This type has more than ${MAX_CASES} cases, which the checker would write out one by one.`, "Put the members into one object type, or name fewer cases.");
      return;
    }
    const construct = constructOf(node);
    if (construct !== null) faults.error(node, "TYPE_NOT_ALLOWED", `${construct} does not erase to plain JavaScript.`, ts.isTypeAssertionExpression(node) ? "Write `value as Type`." : "Use a union of texts, an object type, or a constant.");
    ts.forEachChild(node, visit);
  };
  visit(source);
  return bounded;
}

const COMPUTING: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [K.ConditionalType, "A conditional type"], [K.MappedType, "A mapped type"], [K.InferType, "`infer`"], [K.TemplateLiteralType, "A template literal type"],
]);

function computing(node: ts.Node): string | null {
  const isGenericType = (ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)) && node.typeParameters !== undefined;
  return isGenericType ? "A type with parameters of its own" : (COMPUTING.get(node.kind) ?? null);
}

function constructOf(node: ts.Node): string | null {
  if (ts.isDecorator(node)) return "A decorator";
  if (ts.isTypeAssertionExpression(node)) return "`<Type>value`";
  if (ts.isImportEqualsDeclaration(node) || (ts.isExportAssignment(node) && node.isExportEquals === true)) return "`import =` and `export =`";
  const isDeclared = ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((modifier) => modifier.kind === K.DeclareKeyword) === true;
  return isDeclared ? "`declare`" : null;
}
