import { afterEach, expect, test, vi } from "vitest";
import { createSystemClock } from "./system-clock.ts";

afterEach(() => vi.restoreAllMocks());

test("a time of day that is put back while somebody sleeps makes nobody sleep longer", async () => {
  const real = Date.now.bind(Date);
  const slept = createSystemClock().sleep(20);
  vi.spyOn(Date, "now").mockImplementation(() => real() - 3_600_000);
  await expect(slept).resolves.toBeUndefined();
});

test("a sleep that is aborted ends at once", async () => {
  const stop = new AbortController();
  const slept = createSystemClock().sleep(3_600_000, stop.signal);
  stop.abort();
  await expect(slept).resolves.toBeUndefined();
});
