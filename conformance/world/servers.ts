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
`;
