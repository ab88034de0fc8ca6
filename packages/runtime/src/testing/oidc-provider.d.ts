/** As much of the real OAuth server as the tests touch; it brings no types. */
declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  interface Details {
    readonly prompt: { readonly name: string; readonly details: Readonly<Record<string, unknown>> };
    readonly params: Readonly<Record<string, unknown>>;
    readonly session?: { readonly accountId: string };
    readonly grantId?: string;
  }
  interface Grant {
    addOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    save(): Promise<string>;
    destroy(): Promise<void>;
  }
  interface StoredToken {
    readonly accountId?: string;
    readonly clientId: string;
    readonly grantId?: string;
    readonly scope?: string;
    readonly aud?: string;
    readonly exp?: number;
    readonly isExpired: boolean;
  }
  interface Context {
    readonly path: string;
    status: number;
    body: unknown;
    readonly oidc?: { readonly params?: Readonly<Record<string, string>> };
  }
  interface GrantContext {
    body: unknown;
    readonly oidc: { readonly params: Readonly<Record<string, string>>; readonly client: object };
  }
  export default class Provider {
    constructor(issuer: string, configuration: object);
    use(middleware: (context: Context, next: () => Promise<void>) => Promise<void>): void;
    on(event: string, listener: (...args: never[]) => void): void;
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Details>;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object, options: object): Promise<void>;
    readonly Grant: { new (of: { accountId: string; clientId: string }): Grant; find(id: string): Promise<Grant | undefined> };
    readonly AccessToken: { find(token: string): Promise<StoredToken | undefined> };
    registerGrantType(name: string, handler: (context: GrantContext) => Promise<void>, parameters: readonly string[]): void;
    readonly ClientCredentials: { new (of: { client: object; scope: string }): { aud: string; save(): Promise<string> }; find(token: string): Promise<StoredToken | undefined> };
  }
}
