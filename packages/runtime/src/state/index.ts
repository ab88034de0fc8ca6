export { decideLease, type LeaseDecision } from "./lease.ts";
export { changePauses, pausedNames } from "./pauses.ts";
export { endRestoreDoubt, type RestoreDoubt, restoreDoubt } from "./restore-doubt.ts";
export type { BlobSum, ChainPlace, Cutoffs, OldChain, RemovedRows, RetentionTx, TextPlace } from "./retention.ts";
export type { EventOffer, JournalRow, Lease, LeaseHolder, MetaName, PlanRow, Store, StoreTx, Tally, TransactOptions } from "./store.ts";
