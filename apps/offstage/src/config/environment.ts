/** The environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The only place that reads the environment: `${env:X}` and NO_COLOR get it from here. */
export function readEnvironment(): Environment {
  return process.env;
}

/** A variable of that name: an object has members such as `constructor` that nobody set. */
export function variableOf(env: Environment, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}
