export { decideLease, type LeaseDecision } from "./lease.ts";
export { changePauses, pausedNames } from "./pauses.ts";
export { endRestoreDoubt, type RestoreDoubt, restoreDoubt } from "./restore-doubt.ts";
export type { ChainPlace, Cutoffs, OldChain, RemovedRows, RetentionTx } from "./retention.ts";
export type { EventOffer, JournalRow, Lease, LeaseHolder, MetaName, PlanRow, Store, StoreTx, Tally, TransactOptions } from "./store.ts";
