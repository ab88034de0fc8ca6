import type { JsonObject } from "../base/index.ts";
import { type Conforms, hasInputSchemas, inputsOver, type Program } from "../program/index.ts";
import type { Environment } from "./environment.ts";
import { refuseBrokenTexts } from "./refuse-broken-texts.ts";
import { refuseSecretInputs } from "./refuse-secret-inputs.ts";
import type { StartRequest } from "./run-host.ts";

/** What knows the JSON Schemas of a program's inputs. It is large, so that only a program that has some loads it. */
export async function conformsFor(program: Program): Promise<Conforms> {
  if (!hasInputSchemas(program)) return () => [];
  return (await import("../schemas/index.ts")).conformanceFaults;
}

/** The inputs of a run that is asked for. Errors: `SECRET_IN_INPUT`, before any message shows what was given; `INPUT_INVALID`. */
export async function checkedInputs({ redactor }: Pick<Environment, "redactor">, { program, inputs }: Pick<StartRequest, "program" | "inputs">): Promise<JsonObject> {
  refuseSecretInputs(inputs, redactor);
  const checked = inputsOver(program, inputs, await conformsFor(program)) as JsonObject;
  refuseSecretInputs(checked, redactor);
  refuseBrokenTexts(checked);
  return checked;
}
