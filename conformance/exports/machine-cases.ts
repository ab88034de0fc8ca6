import { strict as assert } from "node:assert";
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DeployOptions } from "../../apps/offstage/src/export/deploy-targets.ts";
import { nextPlannedTime } from "../../packages/runtime/src/triggers/schedule/index.ts";
import type { Case } from "./case.ts";
import { needed, program, run } from "./tools.ts";

/** The reference implementation of Compose, which Docker's own command is made of. */
function compose(folder: string): { readonly status: number | null; readonly said: string; readonly out: string } {
  for (const file of ["secrets.env.example"]) if (readdirSync(folder).includes(file)) copyFileSync(join(folder, file), join(folder, file.replace(".example", "")));
  const { status, out, err } = run(program("compose"), ["compose.yaml"], { cwd: folder });
  return { status, said: `${out.startsWith("{") ? "" : out}${err}`.trim(), out };
}

const COMPOSED: readonly (readonly [string, DeployOptions])[] = [["leak-tickets", {}], ["orders", { store: "postgres" }], ["ask", { language: "python" }], ["nightly", { language: "typescript" }]];

const composed = COMPOSED.map(([workflow, options]): Case => ({
  name: `compose: ${workflow} ${JSON.stringify(options)}`,
  async run(projects) {
    const { status, said, out } = compose(await projects.write(workflow, "compose", options));
    assert.equal(status, 0, said);
    assert.equal(said, "");
    const { services } = JSON.parse(out) as { readonly services: { readonly worker: { readonly read_only: boolean; readonly secrets?: readonly { readonly target: string }[]; readonly volumes: readonly { readonly target: string }[] } } };
    assert.equal(services.worker.read_only, true);
    if (workflow === "orders") assert(services.worker.secrets?.some(({ target }) => target === "/app/keys/nats$old.creds"), "a $ in a path was taken for a variable");
    return `services: ${Object.keys(services).join(", ")}; volumes at ${services.worker.volumes.map(({ target }) => target).join(", ")}`;
  },
}));

const wrongCompose: Case = {
  name: "compose, wrong: an unknown field, and a volume that nobody declares, are refused",
  async run(projects) {
    const folder = await projects.write("leak-tickets", "compose");
    const good = readFileSync(join(folder, "compose.yaml"), "utf8");
    const said: string[] = [];
    for (const [from, to, says] of [["read_only:", "readonly:", "readonly"], ["source: store", "source: shop", "shop"]] as const) {
      writeFileSync(join(folder, "compose.yaml"), good.replace(from, to));
      const found = compose(folder);
      assert.notEqual(found.status, 0, `${to} was taken`);
      assert(found.said.includes(says), found.said);
      said.push(found.said);
    }
    return said.join("; ");
  },
};

/** The units with a root in which all that they name is there: systemd looks for it. */
function rooted(folder: string): readonly string[] {
  return readdirSync(join(folder, "systemd")).filter((file) => /\.(?:service|timer)$/.test(file)).map((file) => {
    const path = join(folder, "systemd", file);
    const text = readFileSync(path, "utf8").replaceAll("/opt/", `${folder}/opt/`);
    writeFileSync(path, text);
    const [, program = ""] = /^ExecStart=(\S+)/m.exec(text) ?? [];
    if (program.startsWith(folder)) {
      mkdirSync(dirname(program), { recursive: true });
      writeFileSync(program, "#!/bin/sh\n");
      chmodSync(program, 0o755);
    }
    return path;
  });
}

const UNITS: readonly (readonly [string, DeployOptions])[] = [["leak-tickets", {}], ["ask", { language: "python" }], ["nightly", { jobs: true }], ["nightly", { language: "typescript" }]];

/** How much of what a service could do it still can, of 10: systemd's own count. */
const MOST_EXPOSED = 2;

const units = UNITS.map(([workflow, options]): Case => ({
  name: `systemd: ${workflow} ${JSON.stringify(options)}`,
  async run(projects) {
    const paths = rooted(await projects.write(workflow, "systemd", options));
    const { out, err } = run("systemd-analyze", ["verify", "--man=no", ...paths]);
    assert.equal(`${out}${err}`.trim(), "", "it ends well, too, with words about what it would ignore");
    const scores = paths.filter((path) => path.endsWith(".service")).map((path) => {
      const { overall } = readScore(path);
      assert(overall <= MOST_EXPOSED, `${path} is exposed: ${overall}`);
      return `${path.split("/").at(-1)} ${overall}`;
    });
    return `verify says nothing; exposure (of 10): ${scores.join(", ")}`;
  },
}));

function readScore(path: string): { readonly overall: number } {
  const { out, err } = run("systemd-analyze", ["security", "--offline=yes", "--no-pager", path]);
  const found = /Overall exposure level[^:]*: ([\d.]+)/.exec(out);
  assert(found !== null, `${out}${err}`);
  return { overall: Number(found[1]) };
}

const wrongUnit: Case = {
  name: "systemd, wrong: an unknown setting and a program that is not there are told",
  async run(projects) {
    const folder = await projects.write("leak-tickets", "systemd");
    const [path = ""] = rooted(folder);
    const text = readFileSync(path, "utf8");
    const told: string[] = [];
    for (const [from, to, says] of [["ProtectHome=yes", "ProtectHouse=yes", "ProtectHouse"], ["bin/offstage", "bin/onstage", "onstage"]] as const) {
      writeFileSync(path, text.replace(from, to));
      const { err } = run("systemd-analyze", ["verify", "--man=no", path]);
      assert(err.includes(says), `nothing was said of ${to}: ${err}`);
      told.push(says);
    }
    return told.join(", ");
  },
};

/** A timer comes when the schedule does: asked of systemd, and of what `serve` asks. */
const times: Case = {
  name: "systemd: its timers come at the times at which serve would start runs",
  async run(projects) {
    const folder = await projects.write("nightly", "systemd", { jobs: true });
    const wanted = (projects.sources.get("nightly")?.program.triggers ?? []).flatMap((trigger) => (trigger.kind === "cron" ? [trigger] : []));
    let compared = 0;
    for (const trigger of wanted) {
      const { expression, sweep } = trigger;
      const timer = readFileSync(join(folder, `systemd/nightly-${sweep ? "sweep" : "run"}.timer`), "utf8");
      const [, lines = ""] = new RegExp(`# cron ${expression.replace(/[*]/g, "\\*")}\\n((?:OnCalendar=.*\\n)+)`).exec(timer) ?? [];
      const calendars = lines.trim().split("\n").map((line) => line.replace("OnCalendar=", ""));
      const come = new Set(calendars.flatMap((calendar) => iterations(calendar)));
      const due: number[] = [];
      for (let at: number | null = Date.parse("2027-01-01T00:00:00Z"); at !== null && due.length < 90; at = nextPlannedTime(trigger, at)) due.push(at);
      // The first is where it began.
      due.shift();
      assert(due.every((at) => come.has(at)), `${expression}: ${due.filter((at) => !come.has(at)).map((at) => new Date(at).toISOString()).join(" ")} is not among systemd's`);
      compared += due.length;
    }
    return `${compared} times of ${wanted.length} cron lines, over a change of the clock`;
  },
};

function iterations(calendar: string): readonly number[] {
  const out = needed("systemd-analyze", ["calendar", "--iterations=200", "--base-time=2027-01-01 00:00:00 UTC", calendar], { env: { ...process.env, TZ: "UTC", LC_ALL: "C" } });
  return [...out.matchAll(/(?:Next elapse|Iter\. #\d+): (?:\w+ )?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC/g)].map(([, at = ""]) => Date.parse(`${at.replace(" ", "T")}Z`));
}

/** What Compose's reference and systemd say of exports to one machine. */
export const MACHINE: readonly Case[] = [...composed, wrongCompose, ...units, wrongUnit, times];
