import type { AsyncLocalStorage } from "node:async_hooks";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import type { Data, Redactor } from "../base/index.ts";
import { admit } from "../calls/index.ts";
import type { OwnCall, OwnCode, ReadAnswer } from "../engine/index.ts";

/** A call of the owner's own code, and whatever it left behind: a timer, a promise that nobody waits for. */
export interface OwnCodeCall {
  /** `slug of own/text.ts`. */
  readonly place: string;
  /** Takes what it threw and nobody caught: that fails its step while the step is open, and is told afterwards, once. */
  stray(thrown: unknown): void;
}

/** What {@link createOwnCode} needs. */
export interface OwnCodeOptions {
  /** Where `slug.ts` lies, absolute: `workflows/own` of the project. */
  readonly folder: string;
  /** What it gives and throws is kept and shown: it may have read a secret. */
  readonly redactor: Pick<Redactor, "redact" | "redactData">;
  /** Whose code is running: who listens for what nobody caught asks it, and hands that to the call. */
  readonly scope: AsyncLocalStorage<OwnCodeCall>;
  /** Told what is thrown when no step is there to fail. */
  readonly warn: (text: string) => void;
}

/** The owner's own code, which Node imports once and calls: nobody knows what it does. What it gives has to be JSON. */
export function createOwnCode(options: OwnCodeOptions): OwnCode {
  const { redactor, scope, warn } = options;
  return {
    async call(call) {
      const place = placeOf(call);
      const strayed = Promise.withResolvers<ReadAnswer>();
      let [isOpen, isTold] = [true, false];
      const stray = (thrown: unknown): void => {
        const message = redactor.redact(messageOf(thrown));
        if (isOpen) return strayed.resolve(failed(`${place}, where nobody waited for it: ${message}`));
        if (!isTold) warn(`${place} left something behind that failed, which ends nothing: ${message}`);
        isTold = true;
      };
      const answer = await Promise.race([strayed.promise, scope.run({ place, stray }, () => answerOf(call, options))]);
      isOpen = false;
      return answer;
    },
  };
}

function placeOf({ module, name }: OwnCall): string {
  return `${name} of own/${module}.ts`;
}

async function answerOf(call: OwnCall, { folder, redactor }: OwnCodeOptions): Promise<ReadAnswer> {
  const { module, name, args } = call;
  const place = placeOf(call);
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await importHeld(join(folder, `${module}.ts`))).own;
  } catch (thrown) {
    const message = redactor.redact(messageOf(thrown).replace(/ imported from data:\S+$/, ""));
    return failed(`own/${module}.ts cannot be loaded: ${message}${/outside a module|Unexpected token 'export'/.test(message) ? " (the package.json above it has to say \"type\": \"module\")" : ""}`);
  }
  try {
    const own = exported[name];
    if (typeof own !== "function") return failed(`own/${module}.ts exports no function ${name}.`);
    const value = dataOf(await (own as (...given: readonly (Data | undefined)[]) => unknown)(...structuredClone(args)));
    return value === undefined ? failed(`${place} gave what is no data: it may give texts, numbers, truth values, null, and lists and plain objects of them, without undefined in them.`) : { kind: "value", value: admit(redactor.redactData(value), name), gone: false };
  } catch (thrown) {
    return failed(`${place}: ${redactor.redact(messageOf(thrown))}`);
  }
}

/** Through a module that holds it: one that exports `then` would be waited for as a promise is. */
async function importHeld(path: string): Promise<{ readonly own: Readonly<Record<string, unknown>> }> {
  const holder = `export * as own from ${JSON.stringify(pathToFileURL(path).href)};`;
  return (await import(`data:text/javascript,${encodeURIComponent(holder)}`)) as Awaited<ReturnType<typeof importHeld>>;
}

/** A copy that nobody else holds; undefined for what JSON would change. */
function dataOf(given: unknown): Data | undefined {
  if (given === undefined) return null;
  const text = JSON.stringify(given) as string | undefined;
  const copy: unknown = text === undefined ? undefined : JSON.parse(text);
  return isDeepStrictEqual(copy, given) ? (copy as Data) : undefined;
}

function messageOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return "It threw what has no text.";
  }
}

function failed(message: string): ReadAnswer {
  return { kind: "error", error: { code: "OWN_CODE_FAILED", message }, gone: false };
}
