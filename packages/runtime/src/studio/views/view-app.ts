/** What a page in a client's frame has of the library of MCP Apps. */
export interface ViewApp {
  ontoolresult: ((result: ToolResult) => void) | undefined;
  connect(): Promise<void>;
  callServerTool(call: { readonly name: string; readonly arguments: object }): Promise<ToolResult>;
  updateModelContext(context: { readonly content: readonly { readonly type: "text"; readonly text: string }[] }): Promise<unknown>;
}

/** What a call came to, as the client hands it over. */
export interface ToolResult {
  readonly content?: readonly { readonly type: string; readonly text?: string }[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly isError?: boolean;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

/** What a page has of the DOM. */
export interface Part {
  textContent: string | null;
  className: string;
  disabled: boolean;
  hidden: boolean;
  checked: boolean;
  type: string;
  append(...parts: readonly (Part | string)[]): void;
  replaceChildren(...parts: readonly (Part | string)[]): void;
  addEventListener(name: "click" | "change", heard: () => void): void;
  setAttribute(name: string, value: string): void;
}

/** Makes a part of a page, with what is inside it. */
export type MakePart = (name: string, className: string, ...inside: readonly (Part | string)[]) => Part;

/** What a page works with. */
export interface View {
  readonly app: ViewApp;
  readonly page: ViewPage;
  readonly make: MakePart;
  readonly readText: (result: ToolResult) => string;
}

/** The document of a page. */
export interface ViewPage {
  getElementById(id: string): Part | null;
  createElement(name: string): Part;
}
