/** What a workflow can be exported to: a model chooses one of these. */
export const EXPORT_TARGETS = ["typescript", "python", "kubernetes", "compose", "systemd", "actions", "lambda", "cloud-run"] as const;

/** One of {@link EXPORT_TARGETS}. */
export type ExportTarget = (typeof EXPORT_TARGETS)[number];
