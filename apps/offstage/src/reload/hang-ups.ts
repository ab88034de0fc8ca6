import { isatty } from "node:tty";

/**
 * Rings at each SIGHUP; gives what stops that. A terminal that is closed sends one too, and then the process is told to stop, as it always was.
 */
export function hearHangUps(ring: () => void): () => void {
  const begunAtTerminal = isatty(0);
  const hear = (): void => {
    if (begunAtTerminal && !isatty(0)) process.kill(process.pid, "SIGTERM");
    else ring();
  };
  process.on("SIGHUP", hear);
  return () => void process.off("SIGHUP", hear);
}
