const FIXTURE = "asks for a tool, a prompt or a resource of the suite's own, which the studio does not have";

/** Scenarios of servers that the studio fails, with why. It may only shrink. */
export const BEYOND_STUDIO: Readonly<Record<string, string>> = {
  ...Object.fromEntries([
    "tools-call-simple-text", "tools-call-image", "tools-call-audio", "tools-call-embedded-resource", "tools-call-mixed-content", "tools-call-with-logging", "tools-call-error", "tools-call-with-progress",
    "tools-call-sampling", "tools-call-elicitation", "elicitation-sep1034-defaults", "elicitation-sep1330-enums", "resources-read-text", "resources-read-binary", "resources-templates-read",
    "prompts-get-simple", "prompts-get-with-args", "prompts-get-embedded-resource", "prompts-get-with-image", "json-schema-2020-12",
    "input-required-result-basic-elicitation", "input-required-result-basic-sampling", "input-required-result-basic-list-roots", "input-required-result-request-state",
    "input-required-result-multiple-input-requests", "input-required-result-multi-round", "input-required-result-non-tool-request", "input-required-result-result-type",
    "input-required-result-tampered-state", "input-required-result-capability-check", "http-custom-header-server-validation",
  ].map((scenario) => [scenario, FIXTURE])),
  "logging-set-level": "the studio logs to stderr and says that it has no logging; the newest revision took it away",
  "completion-complete": "the studio says that it completes no arguments",
  "resources-subscribe": "the studio says that its resources cannot be subscribed to",
  "resources-unsubscribe": "as resources-subscribe",
  ...Object.fromEntries(["lifecycle", "capability-negotiation", "wire-fields", "request-state-removal", "mrtr-input", "request-headers", "dispatch-and-envelope", "required-task-error", "mrtr-composition"].map((part) => [`tasks-${part}`, "extension: the studio makes no tasks; its calls end in minutes"])),
};

const RESUMING = "a recommendation for servers whose streams can be resumed; a call whose stream broke is made again: nothing but a person's yes writes, and that is made once";

/** Single checks that the studio fails in scenarios that it passes otherwise, with why. */
export const CHECKS_BEYOND_STUDIO: Readonly<Record<string, string>> = {
  "server-sse-priming-event": RESUMING, "server-sse-retry-field": RESUMING,
  "sep-2322-ignore-unexpected-params": FIXTURE, "sep-2322-missing-response-rerequests": FIXTURE,
  "sep-2575-server-rejects-undeclared-capability": FIXTURE, "sep-2575-missing-capability-http-400": FIXTURE, "sep-2575-http-server-no-independent-requests-on-stream": FIXTURE, "sep-2575-server-no-log-without-loglevel": FIXTURE,
  "sep-2575-server-sends-prompts-list-changed-on-subscription": FIXTURE, "sep-2575-server-sends-tools-list-changed-on-subscription": FIXTURE,
};
