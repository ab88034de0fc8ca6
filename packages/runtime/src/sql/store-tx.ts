import type { StoreTx } from "../state/index.ts";
import { arrivalRows } from "./arrival-rows.ts";
import { bindingRows } from "./binding-rows.ts";
import { blobRows } from "./blob-rows.ts";
import { effectRows } from "./effect-rows.ts";
import { eventRows } from "./event-rows.ts";
import { journalRows } from "./journal-rows.ts";
import { laneRows } from "./lane-rows.ts";
import { leaseRows } from "./lease-rows.ts";
import { planRows } from "./plan-rows.ts";
import type { SqlConnection } from "./prepared-query.ts";
import { requestRows } from "./request-rows.ts";
import { retentionRows } from "./retention-rows.ts";
import { runRows } from "./run-rows.ts";
import { stateRows } from "./state-rows.ts";
import { tallyRows } from "./tally-rows.ts";
import { waitRows } from "./wait-rows.ts";

/** All that a transaction can do, over one connection. */
export function createStoreTx(connection: SqlConnection): StoreTx {
  return {
    ...runRows(connection), ...journalRows(connection), ...effectRows(connection), ...bindingRows(connection),
    ...requestRows(connection), ...waitRows(connection), ...eventRows(connection), ...arrivalRows(connection), ...planRows(connection), ...blobRows(connection), ...stateRows(connection), ...leaseRows(connection), ...laneRows(connection), ...tallyRows(connection), ...retentionRows(connection),
  };
}
