export type { CertificateRule } from "./client-certificate.ts";
export { createRateGate } from "./rate.ts";
export { readBody } from "./read-body.ts";
export { createWebhookReceiver, type WebhookNews, type WebhookSource } from "./receiver.ts";
export { verifyDelivery, type WebhookScheme } from "./verify.ts";
