import { type Data, type JsonObject, OffstageError } from "offstage/base";
import { callRun } from "offstage/host";
import { hashProgram, inputNames, namedServers, type Program } from "offstage/program";
import { pausedNames } from "offstage/state";
import { z } from "zod";
import { holdsLongInteger } from "../input-option.ts";
import { workflowNotFound } from "../project/workflow-not-found.ts";
import { API_PATH } from "./router.ts";
import { type Route, route } from "./route.ts";
import { lastReload, workflow } from "./shapes.ts";
import type { ApiStage } from "./stage.ts";

const callBody = z.strictObject({
  inputs: z.record(z.string(), z.unknown()).default({}).meta({ description: "Other inputs than the workflow's defaults." }),
  sweep: z.boolean().default(false).meta({ description: "It visits everything, and releases what no sweep comes to any more." }),
});
const KEY = /^[\x21-\x7e]{1,255}$/;

/** What there is to run, and how a run is asked for. */
export function workflowRoutes(stage: ApiStage): readonly Route[] {
  const { store, environment, programs, news } = stage;
  return [
    route({
      method: "GET", path: "/workflows", role: "viewer", summary: "The workflows that this process serves or can start.",
      answer: { status: 200, shape: z.object({ workflows: z.array(workflow), reload: lastReload }) },
      async handle() {
        const paused = await store.transact({ durable: false, reads: true }, pausedNames);
        return { status: 200, body: { workflows: programs().map((program) => workflowOf(program, stage, paused)), reload: { ...stage.reload() } } as unknown as Data };
      },
    }),
    route({
      method: "POST", path: "/workflows/{name}/runs", role: "operator", summary: "Starts a run. 202 says that it is on the disk: it is lost no more.",
      body: callBody, headers: { "idempotency-key": "1 to 255 visible characters. The same key of the same token's name starts one run, and is answered with that one." },
      answer: { status: 202, shape: z.object({ id: z.string(), workflow: z.string(), createdAt: z.int() }) }, problems: [404, 422],
      async handle({ params: { name = "" }, body: { inputs, sweep }, caller, request }) {
        const program = programs().find((one) => one.name === name);
        if (program === undefined) throw workflowNotFound(name, programs().map((one) => one.name));
        if (holdsLongInteger(inputs as Data)) throw new OffstageError("INPUT_INVALID", "An input holds an integer beyond 2^53-1.", { hint: "It would be rounded. Let the workflow take it as a text." });
        const { run, arrival, again } = await callRun(store, environment, { program, inputs: inputs as JsonObject, sweep, by: caller.name, key: keyOf(request) });
        if (!again) news({ kind: "started", run, arrival });
        return { status: 202, body: { id: run.id, workflow: run.workflow, createdAt: run.createdAt }, headers: { location: `${API_PATH}/runs/${run.id}` } };
      },
    }),
  ];
}

function keyOf(request: Request): string | null {
  const key = request.headers.get("idempotency-key");
  if (key === null || KEY.test(key)) return key;
  throw new OffstageError("USAGE", "The Idempotency-Key is none: it has 1 to 255 visible characters.");
}

function workflowOf(program: Program, { workflows }: ApiStage, paused: readonly string[]): z.output<typeof workflow> {
  const { name, was, description, inputs, inputSchemas = {}, limits, records, starts = [] } = program;
  return {
    name, description, programHash: hashProgram(program), limits: { ...limits }, servers: [...namedServers(program)], records: records.map((one) => one.name), starts: starts.map((one) => one.name),
    triggers: workflows().find((one) => one.program.name === name)?.triggers.map((one) => one.name) ?? [],
    inputs: inputNames(program).map((input) => {
      const [given, schema] = [Object.hasOwn(inputs, input), Object.hasOwn(inputSchemas, input) ? inputSchemas[input] : undefined];
      return { name: input, required: !given, ...(given ? { default: inputs[input] } : {}), ...(schema === undefined ? {} : { schema }) };
    }),
    paused: ["*", `workflow:${name}`, `workflow:${was}`].some((one) => paused.includes(one)),
  };
}
