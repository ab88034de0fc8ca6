import { profile } from "offstage";

export default profile("shop@1", {
  goods: [{ effect: "read", pages: { by: "page", param: "page", size: ["size", 2], items: (r) => r.goods, max: 5 } }],
  orders: [{ effect: "read", result: (r) => r.data.result, pages: { by: "offset", param: "offset", max: 5 } }],
  events: [{ effect: "read", pages: { by: "cursor", param: "cursor", items: (r) => r.events, next: (r) => r.next, max: 5 } }],
  best: [{ effect: "read", pages: { by: "none", items: (r) => r.best, more: (r) => r.more } }],
  stock: [{ effect: "read" }],
  "price-of": [{ effect: "read" }],
  has: [{ effect: "read", consistent: true }],
  buy: [{ effect: "write" }],
  note: [{ effect: "read" }],
  account: [{ effect: "read", result: (r, args) => ({ seen: r.data, asked: args.as, text: r.text, failed: r.isError }) }],
  draft: [{ effect: "prepare" }],
  book: [
    { when: (a) => a.action === "look", effect: "read" },
    { effect: "write", undo: "cancel it", idempotent: (a) => a.action === "book", failed: (r) => r.text.startsWith("Sorry"), affects: ["book", "stock"] },
    { effect: "read" },
  ],
  "*": { sensitive: ["token", "cards[].code"], undo: "none" },
});
