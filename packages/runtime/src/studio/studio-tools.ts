import type { StudioTool } from "./studio-tool.ts";
import { adopt } from "./tools/adopt.ts";
import { apply } from "./tools/apply.ts";
import { check } from "./tools/check.ts";
import { decide } from "./tools/decide.ts";
import { exportTo } from "./tools/export.ts";
import { find } from "./tools/find.ts";
import { plan } from "./tools/plan.ts";
import { read } from "./tools/read.ts";
import { runs } from "./tools/runs.ts";
import { test } from "./tools/test.ts";
import { tryRead } from "./tools/try.ts";
import { write } from "./tools/write.ts";

/** All of them, in the order in which a workflow comes about. Few and short: a model reads them with every request. */
export const STUDIO_TOOLS: readonly StudioTool[] = [find, tryRead, read, write, check, plan, test, apply, adopt, runs, exportTo, decide];
