import type { Data, ErrorData } from "../base/index.ts";

/** What servers have besides tools, and what is only read: a resource by its URI, a prompt by its name. */
export type Offer =
  | { readonly kind: "resource"; readonly uri: string }
  | { readonly kind: "prompt"; readonly name: string; readonly args: { readonly [name: string]: string } };

/** What came back for one `resources/read` or `prompts/get`, before anything is understood or redacted. */
export type OfferReply =
  | { readonly kind: "result"; readonly result: Data }
  | {
      readonly kind: "error";
      readonly error: ErrorData;
      readonly sent: boolean;
      /** The server's own words, when it answered with a protocol error. */
      readonly text?: string;
    };

/** The request of the protocol for an offer. */
export function offerRequest(offer: Offer): { readonly method: string; readonly params: { readonly [name: string]: Data } } {
  return offer.kind === "resource" ? { method: "resources/read", params: { uri: offer.uri } } : { method: "prompts/get", params: { name: offer.name, arguments: offer.args } };
}

/** What it is called in messages. */
export function offerName(offer: Offer): string {
  return offer.kind === "resource" ? `the resource ${offer.uri}` : `the prompt ${offer.name}`;
}
