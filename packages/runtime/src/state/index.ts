export { decideLease, type LeaseDecision } from "./lease.ts";
export type { JournalRow, Lease, LeaseHolder, MetaName, PlanRow, Store, StoreTx, TransactOptions } from "./store.ts";
