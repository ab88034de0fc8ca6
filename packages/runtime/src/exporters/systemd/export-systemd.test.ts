import { expect, test } from "vitest";
import { deriveDeployment } from "../../bundle/index.ts";
import { exportSourceOf } from "../../testing/export-source.ts";
import { exportSystemd } from "./index.ts";
import { onCalendar } from "./on-calendar.ts";

const exported = (around: Parameters<typeof exportSourceOf>[0], jobs = false, language: "workflow" | "python" = "workflow") => new Map(exportSystemd(deriveDeployment(exportSourceOf(around), { language }), { jobs }).map(({ path, content }) => [path, String(content)]));

test("times are written as systemd has them; days of the month and of the week are both enough", () => {
  expect(onCalendar("*/20 2 * 1-3 1-5", "Europe/Berlin")).toEqual(["Mon,Tue,Wed,Thu,Fri *-01,02,03-* 02:00,20,40:00 Europe/Berlin"]);
  expect(onCalendar("0 4 1 * 0", "UTC")).toEqual(["*-*-01 04:00:00 UTC", "Sun *-*-* 04:00:00 UTC"]);
});

test("a service gets its secrets from systemd, and no more than it needs", () => {
  const unit = exported({ on: `every("10m")`, needs: { variables: [{ name: "TOKEN", secret: true, fallback: null, place: "" }], secrets: [{ name: "HOOK", place: "" }] } }).get("systemd/leaks.service") ?? "";
  for (const line of ["ExecStart=/opt/leaks/app/node_modules/.bin/offstage serve leaks --log json", "EnvironmentFile=/etc/leaks/secrets.env", "LoadCredential=HOOK:/etc/leaks/credentials/HOOK", "DynamicUser=yes", "KillMode=mixed", "TimeoutStopSec=40", "RestrictNamespaces=yes", "WantedBy=multi-user.target"]) expect(unit.split("\n")).toContain(line);
  expect(exported({ on: `every("10m")` }).get("systemd/leaks.service")).not.toContain("secrets.env");
});

test("servers with sandboxes may make namespaces; what Python starts may be Node, which compiles while it runs", () => {
  const unit = (settings: Parameters<typeof exportSourceOf>[0]["settings"], language?: "python") => exported({ on: `every("10m")`, ...(settings === undefined ? {} : { settings }) }, false, language).get("systemd/leaks.service") ?? "";
  expect(unit({ servers: { files: { sandbox: true } } })).not.toContain("\nRestrictNamespaces");
  expect(unit({})).not.toContain("\nMemoryDenyWriteExecute");
  expect(unit({}, "python")).not.toContain("\nMemoryDenyWriteExecute");
});

test("a Python package is started by the interpreter of the environment that the README makes", () => {
  const files = exported({ on: `every("10m")` }, false, "python");
  expect(files.get("README.md")).toContain("python3 -m venv /opt/leaks && (cd /opt/leaks/app && /opt/leaks/bin/pip install --requirement requirements.txt)\n");
  expect(files.get("README.md")).toContain("\n`python3` (3.11 or newer, with its venv) has to be in");
  expect(exported({ on: `every("10m")` }).get("README.md")).toContain("\n`node` (22.18 or newer) has to be in");
  expect(files.get("systemd/leaks.service")).toContain("\nExecStart=/opt/leaks/bin/python -m leaks_workflow serve --log json\n");
});

test("the README's commands ask for what has to be there before they start it", () => {
  const needs = { variables: [{ name: "TOKEN", secret: true, fallback: null, place: "" }, { name: "SITE", secret: false, fallback: null, place: "" }], secrets: [{ name: "HOOK", place: "" }], files: [{ path: "/run/secrets/shop", place: "" }] };
  const [, block = ""] = /```sh\n([^]*?)```/.exec(exported({ on: `every("10m"), webhook("github")`, needs }).get("README.md") ?? "") ?? [];
  const lines = block.split("\n");
  const asked = ["(umask 077 && touch /etc/leaks/credentials/HOOK)", "${EDITOR:-vi} /etc/leaks/environment.env /etc/leaks/secrets.env /etc/leaks/credentials/HOOK   # what is blank there", "# Put there what the service's user has to read: /run/secrets/shop", "# Before it starts, say in /opt/leaks/app/offstage.yaml what webhooks.github is: see below."];
  expect(lines.slice(-8, -4)).toEqual(asked);
  expect(lines.at(-3)).toBe("systemctl enable --now leaks.service");
});

test("timers stand in the service's place: one for runs and one for sweeps", () => {
  const files = exported({ on: `every("10m"), cron("0 8 * * *", { timezone: "Europe/Berlin" }), cron("0 2 * * *", { timezone: "UTC", sweep: true, missed: "skip" })` }, true);
  expect([...files.keys()].filter((path) => /service|timer/.test(path))).toEqual(["systemd/leaks-run.service", "systemd/leaks-run.timer", "systemd/leaks-sweep.service", "systemd/leaks-sweep.timer"]);
  expect(files.get("systemd/leaks-run.timer")).toContain("# every 10m\nOnCalendar=*-*-* *:00,10,20,30,40,50:00 UTC\n# cron 0 8 * * *\nOnCalendar=*-*-* 08:00:00 Europe/Berlin\n");
  expect([files.get("systemd/leaks-run.timer"), files.get("systemd/leaks-sweep.timer")]).toEqual([expect.stringContaining("Persistent=yes"), expect.stringContaining("Persistent=no")]);
  expect(files.get("systemd/leaks-sweep.service")).toMatch(/Type=oneshot[\s\S]*offstage sweep leaks\n[\s\S]*SuccessExitStatus=4/);
  expect(() => exported({ on: `webhook("github")` }, true)).toThrow("it takes deliveries of github");
});
