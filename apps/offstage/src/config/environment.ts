/** The environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The only place that reads the environment: `${env:X}` and NO_COLOR get it from here. */
export function readEnvironment(): Environment {
  return process.env;
}
