import { expect, test } from "vitest";
import { parseSettings } from "./settings.ts";

function faults(rule: string): readonly string[] {
  const parsed = parseSettings(`policy:\n  rules:\n    - ${rule}\n`, "/project");
  return parsed.ok ? [] : parsed.diagnostics.map(({ line, message }) => `${line} ${message}`);
}

function windowOf(window: string): unknown {
  const parsed = parseSettings(`policy: { rules: [{ verdict: wait, when: ${window} }] }`, "/project");
  return parsed.ok ? parsed.settings.policy.rules[0]?.when : parsed.diagnostics.map(({ message }) => message);
}

test("days go over the end of the week, hours over that of the day", () => {
  expect(windowOf("{ days: fri-mon, timezone: UTC }")).toEqual({ days: [0, 1, 5, 6], from: 0, to: 1_440, timezone: "UTC" });
  expect(windowOf('{ days: [sat, mon-tue], hours: "22:00-06:00", timezone: Asia/Kathmandu }')).toEqual({ days: [1, 2, 6], from: 1_320, to: 360, timezone: "Asia/Kathmandu" });
  expect(windowOf('{ hours: "18:30-24:00", timezone: UTC }')).toEqual({ days: [0, 1, 2, 3, 4, 5, 6], from: 1_110, to: 1_440, timezone: "UTC" });
});

test.each([
  ['{ days: mo, timezone: UTC }', "mon-fri"], ['{ days: [], timezone: UTC }', ""], ['{ hours: "9-17", timezone: UTC }', "09:00-17:00"], ['{ hours: "09:00-09:00", timezone: UTC }', "09:00-17:00"],
  ['{ hours: "09:00-24:01", timezone: UTC }', "09:00-17:00"], ['{ hours: "24:00-09:00", timezone: UTC }', "09:00-17:00"], ["{ days: mon, timezone: Europe/Berlim }", "no time zone"], ['{ days: mon, timezone: "+02:00" }', "no time zone"], ["{ timezone: UTC }", "Name days"], ['{ hours: "09:00-17:00" }', ""],
])("%s is no time", (window, words) => {
  expect(windowOf(window)).toEqual([expect.stringContaining(words) as string]);
});

test("a rule about arguments names their tool, a rule that waits its time", () => {
  expect(faults("{ verdict: deny, server: github, args: { repo: x } }")).toEqual(["3 policy.rules[0].args: A rule about arguments names the tool whose arguments they are."]);
  expect(faults("{ verdict: wait, server: github }")).toEqual([expect.stringContaining("Say how long") as string]);
  expect(faults('{ verdict: wait, when: { days: mon-sun, hours: "00:00-24:00", timezone: UTC } }')).toEqual([expect.stringContaining("wait for ever") as string]);
});

test.each(["{}", "{ above: 3 }", "[]", "null", "{ not: { not: x } }", "{ over: many }"])("%s says nothing that an argument could be", (match) => {
  expect(faults(`{ verdict: deny, tool: t, args: { repo: ${match} } }`)).not.toEqual([]);
});

test.each(['""', "a..b", '"**.a"', '"a.**"'])("%s is no path to an argument", (path) => {
  expect(faults(`{ verdict: deny, tool: t, args: { ${path}: x } }`)).toEqual([expect.stringContaining("lines[].price") as string]);
});
