export { createEmbeddedHost, type EmbeddedHostOptions } from "./embedded-host.ts";
