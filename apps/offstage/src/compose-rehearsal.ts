import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { hashPolicy } from "offstage/host";
import { createEmbeddedHost } from "offstage/hosts/embedded";
import { type FixtureShelf, fixturePath, type StagedWorkflow, type Staging } from "offstage/rehearsal";
import { openSqliteStore } from "offstage/stores/sqlite";
import { classesHash } from "offstage/tools";
import { holderIsAlive, thisProcess } from "./lease-holder.ts";
import { createProjectCompiler } from "./project/compile.ts";
import { compileForRun } from "./project/compile-for-run.ts";
import type { Project } from "./project/load-project.ts";
import { createProjectRulebook } from "./project/project-rulebook.ts";

/** A fixture's name, and a workflow's: no way out of its folder. */
const NAME = /^[a-z0-9][a-z0-9-]*$/;

/** Whether a fixture may be called so. */
export function isFixtureName(name: string): boolean {
  return NAME.test(name);
}

/**
 * What rehearsals get from a project: its workflows under its lock, its profiles and its policy. No server is started, no secret is
 * looked up, no store is opened but those in memory: so tests run where there is none of them. `compose.ts` is for everything else.
 */
export function createRehearsalStaging(project: Pick<Project, "folder" | "redactor" | "settings" | "timeoutMs">): Staging {
  const compiler = createProjectCompiler(project);
  let loading: ReturnType<typeof compiler.types> | undefined;
  return {
    fixtures: fixtureShelf(project.folder),
    openStore: (clock) => openSqliteStore({ memory: true, clock }),
    createHost: (store, environment) => createEmbeddedHost({ store, environment, me: thisProcess(), alive: holderIsAlive }),
    async workflow(name): Promise<StagedWorkflow> {
      const types = await (loading ??= compiler.types());
      const { settings } = project;
      const program = await compileForRun(compiler, name, types, settings);
      const rulebook = createProjectRulebook(settings, types);
      return {
        program,
        classOf: (server, tool, args) => rulebook.rules.rule(server, tool, args).effect,
        grantMaxAgeMs: settings.policy.grantMaxAgeMs,
        createEnvironment: (parts) => ({
          ...parts, rulebook,
          redactor: project.redactor,
          policy: settings.policy,
          timeoutMs: (server) => project.timeoutMs(server),
          connect: () => Promise.resolve(),
          lockFault: () => null,
          basis: { classes: classesHash(types.lock), profiles: types.profilesHash, policy: hashPolicy(settings.policy) },
        }),
      };
    },
  };
}

function fixtureShelf(folder: string): FixtureShelf {
  return {
    read(workflow, name) {
      if (!NAME.test(workflow) || !NAME.test(name)) return null;
      try {
        return readFileSync(join(folder, fixturePath(workflow, name)), "utf8");
      } catch {
        return null;
      }
    },
    names(workflow) {
      try {
        return readdirSync(join(folder, "fixtures", workflow)).flatMap((file) => (/^[a-z0-9][a-z0-9-]*\.json$/.test(file) ? [file.slice(0, -".json".length)] : [])).toSorted();
      } catch {
        return [];
      }
    },
  };
}
