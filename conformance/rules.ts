/**
 * How each numbered rule of docs/language.md is held to. A new rule takes the next number of its section, wherever it stands
 * there, and gets one of these:
 *
 * - a case that runs, interpreted and by Node, and cites it: an entry of `subset/` under its number, or a scenario of `cases/` with it
 *   in `rules`. This is what a rule about running needs;
 * - a row of a table of refusals, which is compiled: nothing else to do. An example cites rules in its fence: ```ts body refused UNLEARNT 7.6;
 * - for a rule about checking alone: such an example, and its number in `CHECKED`;
 * - for a rule about what is around a run: the test that shows it, in `BESIDE`.
 */
export const CHECKED: readonly string[] = ["2.1", "2.2", "2.3", "2.4", "7.6", "7.8", "7.9", "7.10", "7.11", "7.12", "8.1", "8.9", "8.16", "10.8", "11.4", "12.9", "21.3"];

/** Rules about what is around a run, or where Node differs from the interpreter, and the test that is the case of each. */
export const BESIDE: Readonly<Record<string, { readonly file: string; readonly test: string }>> = {
  "6.1": { file: "packages/runtime/src/language/refused.test.ts", test: "all faults are told at once, TypeScript's own among them, in source order" },
  "6.2": { file: "apps/offstage/src/commands/check.test.ts", test: "--fix makes the fixes, shows them, checks again, and leaves the rest alone" },
  "6.3": { file: "apps/offstage/src/commands/check.test.ts", test: "--json carries the edits, as offsets into the text, and what was made of them" },
  "6.4": { file: "apps/offstage/src/editor/plugin.test.ts", test: "our faults stand where they are, beside TypeScript's own" },
  "6.5": { file: "packages/runtime/src/language/hostile.test.ts", test: "10 MiB are not looked at; 1 MiB is" },
  "7.7": { file: "apps/offstage/src/commands/story.test.ts", test: "a result that is no longer what was learnt is a warning that says where, and the run goes on" },
  "10.16": { file: "packages/runtime/src/hosts/embedded/sweep.test.ts", test: "what two complete sweeps did not come to is released; the first one only counts, and a run that is no sweep does neither" },
  "10.17": { file: "packages/runtime/src/hosts/embedded/sweep.test.ts", test: "a sweep that may not have seen everything releases nothing and is no witness: %s" },
  "10.18": { file: "packages/runtime/src/hosts/embedded/sweep.test.ts", test: "bindings of other inputs, of other workflows and of records that the workflow has no more are left alone; the last are told" },
  "13.4": { file: "packages/runtime/src/gate/policy-match.test.ts", test: "a write in a called workflow meets the rules for it and those for the run, and the strictest holds" },
  "13.5": { file: "packages/runtime/src/engine/workflows.test.ts", test: "carries them whole" },
  "13.6": { file: "packages/runtime/src/language/imports.test.ts", test: "is refused where there is none, where it does not check, and where it is called otherwise than its file" },
  "16.6": { file: "packages/runtime/src/hosts/embedded/cancel.test.ts", test: "stops new effects and lets the one in flight settle" },
  "18.3": { file: "packages/runtime/src/engine/limits.test.ts", test: "limits end the run, past every try, and are never a RangeError" },
  "19.12": { file: "packages/runtime/src/calls/rate-limiter.test.ts", test: "so many begin at once and in no stretch of a second more than the rate allows, whatever calls come when" },
  "19.17": { file: "packages/runtime/src/tools/server-types.test.ts", test: "learnt results are read-only types; pages give items; one name for what a profile says is one thing" },
  "19.18": { file: "packages/runtime/src/engine/layered-profile.test.ts", test: "a tool that the project names has its rules alone, others those that ship; what fills all is both, the project's word first" },
  "19.19": { file: "packages/runtime/src/language/profiles.test.ts", test: "a profile says which hosts its server speaks to; without a word the Program has none, and no list is not an empty one" },
  "20.1": { file: "apps/offstage/src/commands/run-native.test.ts", test: "a module outside the subset is refused with its diagnostics, and nothing runs" },
  "20.2": { file: "packages/runtime/src/native/native-executor.test.ts", test: "makes the calls, journal rows and effects that the interpreter makes, under the same keys" },
  "20.3": { file: "packages/runtime/src/native/native-executor.test.ts", test: "interprets what is no run, and a program without marks" },
  "20.5": { file: "packages/runtime/src/native/native-executor.test.ts", test: "an integer beyond 2^53-1 may be carried and shown; a text or sum of it ends the item past every try" },
  "20.6": { file: "packages/runtime/src/native/native-executor.test.ts", test: "what TypeScript could not see has what JavaScript hangs on all objects, of which the interpreter knows nothing; operators and templates convert it in neither" },
  "20.7": { file: "packages/runtime/src/native/native-executor.test.ts", test: "limits hold for what Offstage does: a text may grow larger than the interpreter lets it, until it is an argument" },
  "20.8": { file: "apps/offstage/src/commands/run-native.test.ts", test: "it is Node that executes it: an error of JavaScript's own is told in its words" },
  "20.9": { file: "packages/runtime/src/language/own.test.ts", test: "an import says where the language ends, and a call is a step with its types" },
  "20.10": { file: "packages/runtime/src/engine/own.test.ts", test: "is asked once for its step: a run that goes on has the answer" },
  "20.11": { file: "packages/runtime/src/engine/own.test.ts", test: "is not called by a plan, which goes on without knowing what it gives; the apply calls it" },
  "20.12": { file: "packages/runtime/src/engine/own.test.ts", test: "is asked again where a run goes on before its answer was kept, and the write behind it is made once" },
  "20.13": { file: "apps/offstage/src/commands/own-code.test.ts", test: "check says where the language ends; a plan shows what is known without calling it; a run is refused where nothing is executed" },
  "22.17": { file: "packages/runtime/src/host/answer-approval.test.ts", test: "is answered by those who were named only" },
  "22.29": { file: "packages/runtime/src/native/native-executor.test.ts", test: "what TypeScript could not see has what JavaScript hangs on all objects, of which the interpreter knows nothing; operators and templates convert it in neither" },
  "22.38": { file: "packages/runtime/src/hosts/embedded/parked.test.ts", test: "does not go on against another site: it stays as it is until the server speaks to the first one again" },
};

/** Numbers of rules that are gone, said elsewhere, or never were true. They are not given again. */
export const RETIRED: readonly string[] = ["19.14", "21.1", "22.30", "22.34"];
