import type { Projects } from "./projects.ts";

/** One thing that has to hold of exports, by a real tool's word. */
export interface Case {
  readonly name: string;
  /** Resolves to what the tool said, for whoever reads the output; rejects when it does not hold. */
  run(projects: Projects): Promise<string>;
}
