import type { RecordNode, StateNode } from "../../program/index.ts";
import { openFields, requiredText } from "./fields.ts";
import { allowedName, unwrap } from "./literals.ts";
import type { Lowering } from "./lowering.ts";
import { refuseFunction } from "./functions.ts";
import { dataOf, readStatic } from "./static-value.ts";
import type { FunctionRole } from "./scope.ts";
import { ts } from "../typescript.ts";

type Callback = Exclude<keyof RecordNode, "name" | "scope" | "releaseAfterMs">;

/** Each callback of a record: what it may do, and whether a record needs it. */
const CALLBACKS: Readonly<Record<Callback, { readonly role: FunctionRole; readonly required: boolean }>> = {
  identity: { role: "plain", required: true }, find: { role: "steps", required: true }, create: { role: "steps", required: true }, keep: { role: "plain", required: true },
  read: { role: "steps", required: false }, same: { role: "plain", required: false }, update: { role: "steps", required: false }, release: { role: "steps", required: false },
  reopen: { role: "steps", required: false }, releaseWhen: { role: "steps", required: false },
};
const OPTIONS = [...Object.keys(CALLBACKS), "scope", "releaseAfter"];

/** `record(name, options)`; null when it cannot be read. */
export function lowerRecord(l: Lowering, node: ts.CallExpression): RecordNode | null {
  const name = lowerName(l, node, "record");
  const options = node.arguments[1];
  if (options === undefined) return null;
  refuseMethods(l, options);
  const fields = openFields(l, readStatic(l, options), "record", OPTIONS);
  if (fields === null) return null;
  const callbacks: Partial<Record<Callback, RecordNode["identity"]>> = {};
  for (const key of fields.names) {
    const fn = isCallback(key) ? fields.fn(key, CALLBACKS[key].role) : undefined;
    if (fn !== undefined) callbacks[key as Callback] = fn;
  }
  for (const [key, { required }] of Object.entries(CALLBACKS)) {
    if (required && !fields.names.includes(key)) l.faults.error(fields.node, "OPTION_MISSING", `The record ${name} has no ${key}.`, `Add \`${key}: (…) => …\`.`);
  }
  const { identity, find, create, keep, ...rest } = callbacks;
  if (identity === undefined || find === undefined || create === undefined || keep === undefined) return null;
  const releaseAfterMs = fields.duration("releaseAfter");
  return { name, scope: fields.choice("scope", ["project"]) ?? "workflow", identity, find, create, keep, ...rest, ...(releaseAfterMs === undefined ? {} : { releaseAfterMs }) };
}

function isCallback(name: string): name is Callback {
  return Object.hasOwn(CALLBACKS, name);
}

/** `state(name, initial)`. */
export function lowerState(l: Lowering, node: ts.CallExpression): StateNode {
  const name = lowerName(l, node, "state");
  const first = node.arguments[1];
  const initial = first === undefined ? undefined : dataOf(readStatic(l, first));
  if (initial === undefined) l.faults.error(first ?? node, "NOT_STATIC", `The initial value of the state ${name} must be written out.`, "Write a JSON literal; null when there is none yet.");
  return { name, initial: initial ?? null };
}

function lowerName(l: Lowering, node: ts.CallExpression, what: string): string {
  const where = node.arguments[0] ?? node;
  const name = requiredText(l, node.arguments[0], node, `The name of a ${what}`);
  if (name !== "" && allowedName(l, where, name) && !/^[A-Za-z][A-Za-z0-9_-]{0,62}$/.test(name)) {
    l.faults.error(where, "NAME_INVALID", `${JSON.stringify(name)} cannot name a ${what}.`, "Begin with a letter; letters, digits, - and _ follow, 63 at most.");
  }
  if (l.taken.has(`${what} ${name}`)) l.faults.error(where, "NAME_DUPLICATE", `A ${what} called ${JSON.stringify(name)} exists already.`, "Give each its own name: what is kept is kept under it.");
  l.taken.add(`${what} ${name}`);
  return name;
}

/** `create(pr) { … }` is a function with a `this`. */
function refuseMethods(l: Lowering, options: ts.Expression): void {
  const inner = unwrap(options);
  if (!ts.isObjectLiteralExpression(inner)) return;
  for (const property of inner.properties) if (ts.isMethodDeclaration(property) || ts.isAccessor(property)) refuseFunction(l, property);
}
