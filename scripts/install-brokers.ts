import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { installOnDebian } from "./house/debian.ts";

/** Debian's packages, by the program that tests start. */
const PROGRAMS: Readonly<Record<string, string>> = { "redis-server": "redis-server", "nats-server": "nats-server" };

/** Before the tests of queues: installs the brokers that are not on the PATH. */
export function setup(): void {
  installOnDebian(Object.entries(PROGRAMS).filter(([program]) => !isOnPath(program)).map(([, name]) => name));
}

function isOnPath(program: string): boolean {
  return [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"].some((folder) => existsSync(join(folder, program)));
}
