/**
 * The types of the little world, as `offstage lock` would generate them: the text of the module "#servers".
 * Kept as text because that is what the compiler is given.
 */
export const SERVER_TYPES = `
import type { ServerBase, Tool } from "offstage";
export declare const repo: repo.Server;
export declare namespace repo {
  interface Item { readonly id: string; readonly title: string; readonly text?: string }
  interface Server extends ServerBase {
    list_items: Tool<{ readonly state?: string }, readonly Item[]>;
    merge: Tool<{ readonly id: string }, { readonly merged: boolean }>;
  }
}
export declare const tracker: tracker.Server;
export declare namespace tracker {
  interface Found { readonly key: string; readonly summary: string }
  interface Ticket { readonly key: string; readonly summary: string; readonly status: string }
  interface Server extends ServerBase {
    search: Tool<{ readonly label: string }, readonly Found[]>;
    get: Tool<{ readonly key: string }, Ticket>;
    create: Tool<{ readonly label: string; readonly summary: string }, { readonly key: string }>;
    update: Tool<{ readonly key: string; readonly summary: string }, { readonly text: string }>;
    close: Tool<{ readonly key: string }, { readonly text: string }>;
    reopen: Tool<{ readonly key: string }, { readonly text: string }>;
  }
}
export declare const chat: chat.Server;
export declare namespace chat {
  interface Server extends ServerBase { send: Tool<{ readonly text: string }, { readonly text: string }> }
}
export declare const shop: shop.Server;
export declare namespace shop {
  interface Server extends ServerBase {
    goods: Tool<{ readonly page?: number; readonly size?: number }, { readonly goods: readonly string[] }, string>;
    orders: Tool<{ readonly offset?: number }, readonly string[], string>;
    events: Tool<{ readonly cursor?: string }, { readonly events: readonly string[]; readonly next: string | null }, string>;
    best: Tool<{}, { readonly best: readonly string[]; readonly more: boolean }, string>;
    stock: Tool<{}, { readonly goods: readonly string[]; readonly serial: number }>;
    note: Tool<{}, { readonly text: string; readonly content: readonly { readonly type: string }[] }>;
    account: Tool<{ readonly as: string }, any>;
    "price-of": Tool<{ readonly item: string }, { readonly price: number }>;
    has: Tool<{ readonly item: string }, { readonly has: boolean }>;
    buy: Tool<{ readonly item: string }, { readonly item: string }>;
    draft: Tool<{ readonly item: string }, { readonly draft: string }>;
    book: Tool<{ readonly action: string; readonly item: string }, { readonly booked: boolean }>;
    ring: Tool<{}, { readonly text: string }>;
  }
}
`;
