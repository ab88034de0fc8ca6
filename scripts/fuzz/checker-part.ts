import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SERVER_TYPES } from "../../conformance/world/servers.ts";
import { readExamples } from "../docs/examples.ts";
import { checks, profileFault, workflowFault } from "./checker-verdict.ts";
import { createDraw, type Draw, seedOf } from "./draw.ts";
import { mutate, mutateWithin, tokenSoup } from "./mutate.ts";
import type { FuzzPart, TurnReport } from "./part.ts";

const TEXTS = 20;
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

function textsIn(folder: string): readonly string[] {
  return readdirSync(`${ROOT}${folder}`).filter((name) => name.endsWith(".ts")).map((name) => readFileSync(`${ROOT}${folder}/${name}`, "utf8"));
}

interface Sources {
  readonly texts: readonly string[];
  readonly serverTypes: string;
}

/** Real workflows and profiles, read when they are first needed: the demo's, those of the documents, the conformance cases'. */
function readSources(): { readonly workflows: readonly Sources[]; readonly profiles: readonly Sources[] } {
  const fixture = readFileSync(`${ROOT}packages/runtime/src/language/fixtures/servers.d.ts`, "utf8");
  const examples = readExamples("language.md", readFileSync(`${ROOT}docs/language.md`, "utf8"));
  const of = (kind: "workflow" | "profile"): readonly string[] => examples.filter((example) => example.kind === kind).map(({ source }) => source);
  return {
    workflows: [{ texts: [...of("workflow"), ...textsIn("demo/project/workflows")], serverTypes: fixture }, { texts: textsIn("conformance/workflows"), serverTypes: SERVER_TYPES }],
    profiles: [{ texts: [...of("profile"), ...textsIn("demo/project/profiles"), ...textsIn("packages/runtime/profiles")], serverTypes: fixture }],
  };
}

let sources: ReturnType<typeof readSources> | null = null;

/** Broken workflows against checker and lowering. */
export const workflows: FuzzPart = { name: "workflows", unit: "texts", turn: (seed, index) => checkMutants(seed, index, (sources ??= readSources()).workflows, broken, workflowFault) };

/** Workflows that ran, and mean something else now; mostly they still parse. */
export const strangers: FuzzPart = { name: "strangers", unit: "texts", turn: (seed, index) => checkMutants(seed, index, (sound ??= soundSources()), mutateWithin, workflowFault) };

let sound: readonly Sources[] | null = null;

function soundSources(): readonly Sources[] {
  return (sources ??= readSources()).workflows.map(({ texts, serverTypes }) => ({ serverTypes, texts: texts.filter((text) => checks(text, serverTypes)) }));
}

/** Broken profiles. */
export const profiles: FuzzPart = { name: "profiles", unit: "texts", turn: (seed, index) => checkMutants(seed, index, (sources ??= readSources()).profiles, broken, profileFault) };

type Mutate = (draw: Draw, texts: readonly string[]) => string;

const broken: Mutate = (draw, texts) => (draw.chance(0.15) ? tokenSoup(draw, texts) : mutate(draw, texts));

async function checkMutants(seed: number, index: number, from: readonly Sources[], change: Mutate, faultOf: (source: string, serverTypes: string) => Promise<string | null>): Promise<TurnReport> {
  const draw = createDraw(seedOf(seed, index));
  const failures: string[] = [];
  for (let count = 0; count < TEXTS; count++) {
    const { texts, serverTypes } = draw.pick(from);
    const text = change(draw, texts);
    const fault = await faultOf(text, serverTypes);
    if (fault === null) continue;
    const kind = kindOf(fault);
    const small = await shrinkText(text, async (candidate) => kindOf((await faultOf(candidate, serverTypes)) ?? "") === kind);
    failures.push(`${fault}\n${JSON.stringify(small)}`);
  }
  return { inputs: TEXTS, counts: {}, failures };
}

/** The first words of a fault: what stays the same while its text shrinks. */
function kindOf(fault: string): string {
  return fault.split(/\s+/).slice(0, 6).join(" ").replace(/\d+/g, "");
}

/** Takes halves, quarters, … out of a text as long as it still fails. */
async function shrinkText(text: string, fails: (text: string) => Promise<boolean>): Promise<string> {
  let current = text;
  for (let size = Math.ceil(text.length / 2), asked = 0; size >= 1 && asked < 300; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < current.length && asked < 300; asked++) {
      const less = current.slice(0, at) + current.slice(at + size);
      if (await fails(less)) current = less;
      else at += size;
    }
  }
  return current;
}
