export { createSubscriptions } from "./subscriptions.ts";
