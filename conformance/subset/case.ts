/**
 * One entry of the portable subset (LANGUAGE.md §2), by its id: the body of a workflow that returns what the entry gives, or that
 * and what stands above it. Whatever runs workflows has to return the same. Ids are stable: documents cite them.
 */
export type SubsetCases = Readonly<Record<string, string | { readonly top: string; readonly body: string }>>;
