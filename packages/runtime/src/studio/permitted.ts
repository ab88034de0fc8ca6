import { visibleText } from "../tools/index.ts";
import type { Shown, Told } from "./desk.ts";
import type { Session } from "./session.ts";
import { answer, type CallContext, type Reply, toldAnswer } from "./studio-tool.ts";

/** UTF-16 units of what a person is asked. Who is shown the half of something has not permitted the other half. */
const LONGEST_QUESTION = 32_000;

/** What is to be done, and how it is called. */
export interface Permitted {
  readonly shown: Shown;
  /** What a person says yes to, in a few words. */
  readonly yes: string;
  readonly act: () => Promise<Told>;
}

/**
 * Does what a person has said yes to, shown exactly as it is now; else asks them. A model's word does not count: it comes in arguments, and none of
 * them is looked at here.
 */
export async function permitted(session: Session, { said }: CallContext, { shown, yes, act }: Permitted): Promise<Reply> {
  if (!shown.ok) return toldAnswer(session, shown);
  if (said?.about === shown.about) {
    if (!said.yes) return answer("The person said no, or closed the question: nothing was done. Ask what they want otherwise.", false);
    return toldAnswer(session, await act());
  }
  const elsewhere = `A person has to say so, and this client cannot ask them. They can, on their command line: ${shown.command}`;
  if (isTooLong(shown)) return answer(tooLong(shown), false);
  const text = visibleText(shown.text);
  return { kind: "question", about: shown.about, text, yes, elsewhere };
}

/** Whether nobody is asked about this, because they would be shown the half of it. */
export function isTooLong({ text, isCut }: Shown): boolean {
  return isCut === true || visibleText(text).length > LONGEST_QUESTION;
}

/** What to do then. */
export function tooLong({ command }: Shown): string {
  return `This is too long to be shown and permitted here. A person can look at it and permit it on their command line: ${command}`;
}
