import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Data, JsonObject } from "offstage/base";
import type { Offer } from "offstage/calls";
import { printProfile, printServers, printWorkflows, toolUses } from "offstage/exporters/python";
import type { Plan, Policy, Run } from "offstage/model";
import type { Program } from "offstage/program";
import { createFakeClock, type FakeClock } from "../../packages/runtime/src/testing/fake-clock.ts";
import { makeQuickFolder } from "../../packages/runtime/src/testing/quick-folder.ts";
import type { ConformanceCase, Stage } from "../case.ts";
import { policyOf, programOf, WORLD_PROFILES } from "../case-program.ts";
import type { Leavings, NotedCall } from "../left-behind.ts";
import { whileTimePasses } from "../passing-time.ts";
import { worldSource } from "../world/client-source.ts";
import { World } from "../world/world.ts";
import type { StageProcess, StageProcesses } from "./stage-processes.ts";

const SOURCE = worldSource();
const PROFILES = [...WORLD_PROFILES].map(([server, profile]) => ({ path: `profiles/${server}.py`, content: printProfile(server, profile).content }));

/** What the processes of one case share: the world, the clock, the store's file, the packages. */
interface Theatre {
  readonly folder: string;
  readonly world: World;
  readonly clock: FakeClock;
  readonly policy: Policy;
  readonly targets: Map<string, string>;
  readonly packages: Map<Program, string>;
  readonly living: Set<StageProcess>;
  readonly dead: Set<StageProcess>;
  readonly calls: NotedCall[];
  readonly processes: StageProcesses;
}

/**
 * Plays a case on what Python's exporter prints of its workflow: real processes over one store, which die by a signal; a fake clock and a
 * small world of servers on this side of a pipe. `keep` gets the store's file once nobody has it open any more; it is removed after that.
 */
export async function playPython(one: ConformanceCase, processes: StageProcesses, keep: (left: Leavings) => unknown = () => undefined): Promise<void> {
  await playPrinted(programOf(one.workflow), policyOf(one), (stage) => one.play(stage), processes, keep);
}

/** Plays what is printed of a program as {@link playPython} plays a case. */
export async function playPrinted(program: Program, policy: Policy, play: (stage: Stage) => Promise<void>, processes: StageProcesses, keep: (left: Leavings) => unknown): Promise<void> {
  const folder = makeQuickFolder("offstage-python-conformance-");
  const clock = createFakeClock();
  const theatre: Theatre = { folder, clock, world: new World(() => clock.now()), policy, targets: new Map(), packages: new Map(), living: new Set(), dead: new Set(), calls: [], processes };
  try {
    await play(await createStage(theatre, program));
  } finally {
    await Promise.all([...theatre.living].map((process) => process.end()));
    await keep({ file: storeOf(theatre), calls: theatre.calls, dead: theatre.dead });
    rmSync(folder, { recursive: true, force: true });
  }
}

async function createStage(theatre: Theatre, program: Program): Promise<Stage> {
  const { world, clock, living } = theatre;
  const main = await openProcess(theatre, program, 0);
  const told = (): void => living.forEach((process) => process.tell(surroundings(theatre)));
  const advance = async (ms: number): Promise<void> => {
    await clock.advance(ms);
    told();
  };
  const start = (process: StageProcess, inputs: JsonObject = {}): Promise<Run> => {
    const finished = process.do("run", inputs) as Promise<Run>;
    return living.size > 1 ? whileTimePasses(advance, finished, process.died) : finished;
  };
  const orDie = async (point: number, act: (victim: StageProcess) => Promise<unknown>): Promise<"died" | "ended"> => {
    const victim = await openProcess(theatre, program, point);
    const end = await Promise.race([act(victim).then(() => "ended" as const), victim.died]);
    living.delete(victim);
    if (end === "ended") await victim.end();
    return end;
  };
  return {
    world,
    followsUnknown: false,
    plansPastUnknown: false,
    run: (inputs) => start(main, inputs),
    show: (runId) => main.do("show", runId) as Promise<Run>,
    plan: () => main.do("plan") as Promise<Plan>,
    apply: (plan) => main.do("apply", plan.id) as Promise<Run>,
    approveAll: () => main.do("answer_writes", "approve") as Promise<Run | null>,
    denyAll: async () => void (await main.do("answer_writes", "deny")),
    runAndDie: (point) => orDie(point, start),
    applyAndDie: (plan, point) => orDie(point, (victim) => victim.do("apply", plan.id)),
    answer: (verdict, text = "") => main.do("answer", verdict, text) as Promise<number>,
    offer: (runId, topic, event: Data) => main.do("offer", runId, topic, event) as Promise<number>,
    resume: (runId) => main.do("resume", runId) as Promise<Run>,
    resumeAndDie: (runId, point) => orDie(point, (victim) => victim.do("resume", runId)),
    second: (workflow) => createStage(theatre, workflow === undefined ? program : programOf(workflow)),
    retarget(server) {
      theatre.targets.set(server, "elsewhere");
      told();
    },
    advance,
    rest: () => main.do("rest") as Promise<void>,
  };
}

function storeOf({ folder }: Theatre): string {
  return join(folder, "store.db");
}

function surroundings({ clock, targets }: Theatre) {
  return { now: clock.now(), targets: Object.fromEntries(targets) };
}

async function openProcess(theatre: Theatre, program: Program, diesAt: number): Promise<StageProcess> {
  const { world, policy, processes, living, dead, calls } = theatre;
  const process = await processes.open({ file: storeOf(theatre), package: packageOf(theatre, program), policy, diesAt, ...surroundings(theatre) }, async (what, args) => {
    switch (what) {
      case "call": return world.call(args[0] as string, args[1] as Data);
      case "offer": return world.offer(args[0] as Offer);
      case "model": return world.ask(args[0] as string);
      case "note": return void calls.push({ step: args[0] as string | null, tool: args[1] as string, args: args[2] as Data });
      default: throw new Error(`Nobody answers ${what}.`);
    }
  });
  living.add(process);
  void process.died.then(() => { living.delete(process); dead.add(process); });
  return process;
}

let packages = 0;

/** The folder of a workflow's package, exported once for all processes of a case. */
function packageOf({ folder, packages: made }: Theatre, program: Program): string {
  const known = made.get(program);
  if (known !== undefined) return known;
  packages += 1;
  const place = join(folder, `exported_${packages}`);
  const files = [...printWorkflows(program), ...printServers(SOURCE, toolUses(program)), { path: "__init__.py", content: "" }, { path: "profiles/__init__.py", content: "" }, ...PROFILES];
  for (const { path, content } of files) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), content);
  }
  made.set(program, place);
  return place;
}
