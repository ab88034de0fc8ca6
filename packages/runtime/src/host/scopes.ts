import { calledPrograms, type Program, startedPrograms } from "../program/index.ts";
import type { Store, StoreTx } from "../state/index.ts";

/**
 * Lasting identities belong to a workflow's first name, so that `was` takes them along. A workflow that is new here, and was
 * another one before, gets that one's scope.
 */
export async function scopeOf(tx: StoreTx, { name, was }: Pick<Program, "name" | "was">): Promise<string> {
  const known = await tx.getScope(name);
  if (known !== null) return known;
  const scope = was === undefined ? name : ((await tx.getScope(was)) ?? was);
  await tx.putScope(name, scope);
  return scope;
}

/** The scopes of the workflows that a program calls and starts: those that they have in runs of their own, so that both make each write once. */
export async function othersScopes(store: Store, program: Program): Promise<{ readonly [workflow: string]: string }> {
  const called = [...calledPrograms(program), ...startedPrograms(program)];
  if (called.length === 0) return {};
  return store.transact({ durable: false }, async (tx) => {
    const scopes: { [workflow: string]: string } = {};
    for (const one of called) scopes[one.name] = await scopeOf(tx, one);
    return scopes;
  });
}
