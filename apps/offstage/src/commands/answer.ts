import { type Data, OffstageError } from "offstage/base";
import { fillForm, type PersonAnswer } from "offstage/mcp";
import type { Command } from "commander";
import { byPrefix } from "../by-prefix.ts";
import type { CommandIo } from "../command-io.ts";
import { commandLine, inProject } from "../command-line.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { questionText } from "../output/question-text.ts";
import { openProject } from "../project/load-project.ts";
import { createQuestions, type OpenQuestion } from "../project/questions.ts";

interface AnswerOptions {
  readonly decline?: boolean;
  readonly yes?: boolean;
}

/** `offstage answer`: lists what servers ask in the middle of calls that wait for it, or answers one. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("[question]", "its id, or the beginning of it; without it the open ones are listed")
    .argument("[fields...]", "name=value for each field of a form; the others get its defaults")
    .option("--yes", "the page was opened, or the form is good as its defaults fill it in")
    .option("--decline", "say no")
    .action(io.action((question: string | undefined, fields: readonly string[], options: AnswerOptions) => Promise.resolve(answer(question, fields, options, io))));
}

function answer(prefix: string | undefined, fields: readonly string[], options: AnswerOptions, io: CommandIo): ExitCode {
  const project = openProject(io);
  const questions = createQuestions(project.folder, io.clock, project.redactor);
  const open = questions.open();
  if (prefix === undefined) {
    const texts = open.map(questionText);
    io.answer({ questions: open } as unknown as Data, texts.length === 0 ? "No call waits for an answer." : [...texts, "", inProject(io, "To answer: offstage answer <question> name=value …, or --yes, or --decline.")].join("\n"), "prose");
    return open.length === 0 ? EXIT.fine : EXIT.waiting;
  }
  const question = byPrefix(open, prefix, { code: "REQUEST_UNKNOWN", noun: "open question", listing: "offstage answer" });
  const given = answerOf(question, fields, options, io);
  if (!questions.answer(question.id, given)) throw new OffstageError("REQUEST_UNKNOWN", `No call waits for an answer to ${question.id} any more.`, { hint: `\`${commandLine(io, "answer")}\` lists what is open.` });
  io.answer({ answered: question.id }, given.kind === "declined" ? "Declined." : "Answered.");
  return EXIT.fine;
}

function answerOf(question: OpenQuestion, words: readonly string[], { decline, yes }: AnswerOptions, io: CommandIo): PersonAnswer {
  if (decline === true) return { kind: "declined" };
  const fields = Object.fromEntries(words.map(fieldOf));
  if (words.length === 0 && yes !== true) throw new OffstageError("USAGE", `It is not said what the answer to ${question.id} is.`, { hint: `${questionText(question)}\n${commandLine(io, "answer", question.id)} name=value …, or --yes, or --decline` });
  if (question.url !== null) return { kind: "accepted", fields: {} };
  const form = fillForm(question.schema, fields);
  if (form.kind === "unfilled") throw new OffstageError("USAGE", `This does not fill in the form: ${form.why}.`, { hint: questionText(question) });
  const unknown = Object.keys(fields).filter((name) => !Object.hasOwn(form.content, name));
  if (unknown.length > 0) throw new OffstageError("USAGE", `The form has no field ${unknown.join(", ")}.`, { hint: questionText(question) });
  return { kind: "accepted", fields };
}

/** A list is written as JSON, `kinds=["a","b"]`; whether a field takes its text, its form says. */
function fieldOf(word: string): readonly [string, Data] {
  const at = word.indexOf("=");
  if (at < 1) throw new OffstageError("USAGE", `"${word}" names no field.`, { hint: "Write name=value." });
  const text = word.slice(at + 1);
  if (!text.startsWith("[")) return [word.slice(0, at), text];
  try {
    return [word.slice(0, at), JSON.parse(text) as Data];
  } catch {
    return [word.slice(0, at), text];
  }
}
