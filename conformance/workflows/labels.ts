import { input, workflow } from "offstage";

const LABELS = { type: "array", items: { type: "string", enum: ["bug", "idea"] } } as const;

export default workflow({
  name: "labels", description: "Gives its inputs back.", on: [],
  inputs: { repo: "api", plain: ["a"], labels: input({ schema: LABELS, default: [] }), key: input({ schema: { type: ["string", "null"], pattern: "^[a-z]+$" } }) },
}, async ({ inputs }) => ({ ...inputs, first: inputs.labels.at(0) ?? "none", length: inputs.key?.length ?? 0 }));
