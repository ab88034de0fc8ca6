export { type Catalogue, type RawTool } from "./catalogue.ts";
export { type Offer, type OfferReply } from "./offer.ts";
export { type ClosePatience, stopAll } from "./process-group.ts";
export { type HttpServerConfig, type ServerConfig, type StdioServerConfig } from "./server-config.ts";
export { createServerPool, type ServerPool, type ServerPoolOptions } from "./server-pool.ts";
export { type ServerSession, type SessionCallOptions } from "./server-session.ts";
export { type ReplyBlock, type ToolReply } from "./tool-reply.ts";
