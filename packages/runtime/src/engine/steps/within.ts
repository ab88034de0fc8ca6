import type { Later } from "../code.ts";
import type { Probe, Strand, WriteSlot } from "../strand.ts";

/** Runs `body` with its steps below `path`, its one write under the slot's identity. */
export async function withWrite<T>(c: Strand, path: string, slot: WriteSlot, body: () => Later<T>): Promise<T> {
  return within(c, path, slot, null, body);
}

/** Runs `body` with its reads live and watched. */
export async function withProbe<T>(c: Strand, path: string, probe: Probe, body: () => Later<T>): Promise<T> {
  return within(c, path, null, probe, body);
}

async function within<T>(c: Strand, path: string, write: WriteSlot | null, probe: Probe | null, body: () => Later<T>): Promise<T> {
  const before = c.position();
  c.path = path;
  c.write = write;
  c.wrote = false;
  c.probe = probe;
  try {
    return await body();
  } finally {
    c.path = before.path;
    c.write = before.write;
    c.wrote = before.wrote;
    c.probe = before.probe;
  }
}
