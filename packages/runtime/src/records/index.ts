export type { RecordBind, RecordStep, RecordWrite } from "./action.ts";
export { bindingAfter, type Visit } from "./binding-after.ts";
export type { Adoption, BindingChange } from "./binding-change.ts";
export { nextEnsure } from "./ensure.ts";
export { factsAfterWrite, type FindFacts, NO_FACTS, type ReadFacts, type RecordFacts } from "./facts.ts";
export { afterMiss, missedBy, type Sweep } from "./orphans.ts";
export { provesAbsence, provesAfterMs } from "./proof.ts";
export type { RecordAbilities, RecordView } from "./record-view.ts";
export { nextRelease } from "./release.ts";
