import type { Data } from "offstage/base";
import type { RawReply } from "offstage/calls";

type Args = { readonly [key: string]: Data };

/**
 * A server with one tool for everything that a profile can say: lists that page in each way, one tool that reads and writes, one that
 * prepares, answers of every form.
 */
export class Shop {
  goods: readonly string[] = ["apple", "bread", "cheese"];
  /** A whole number that a text of JSON holds exactly. */
  serial = "9007199254740993";
  readonly booked: string[] = [];
  readonly bought: string[] = [];
  readonly drafts: string[] = [];
  rung = 0;

  /** Answers a call of one of its tools; undefined for those of others. */
  perform(tool: string, args: Args): RawReply | undefined {
    switch (tool) {
      case "goods": {
        const [page, size] = [Number(args["page"] ?? 1), Number(args["size"] ?? 2)];
        return structured({ goods: this.goods.slice((page - 1) * size, page * size) });
      }
      case "orders": {
        const from = Number(args["offset"] ?? 0);
        return structured({ result: this.goods.slice(from, from + 2) });
      }
      case "events": {
        const from = Number(args["cursor"] ?? 0);
        return structured({ events: this.goods.slice(from, from + 2), next: from + 2 < this.goods.length ? String(from + 2) : null });
      }
      case "best":
        return structured({ best: this.goods.slice(0, 2), more: this.goods.length > 2 });
      case "stock":
        return text(JSON.stringify({ goods: this.goods, serial: 0 }).replace(`"serial":0`, `"serial":${this.serial}`));
      case "price-of":
        return structured({ price: item(args).length });
      case "has":
        return structured({ has: this.bought.includes(item(args)) });
      case "note":
        return text("# A note");
      case "account":
        return structured({ name: "Ada", token: "t-0123456789", cards: [{ number: 1, code: "c-0123456789" }] });
      default:
        return this.#change(tool, args);
    }
  }

  #change(tool: string, args: Args): RawReply | undefined {
    const wanted = item(args);
    switch (tool) {
      case "draft":
        this.drafts.push(wanted);
        return structured({ draft: `d-${wanted}` });
      case "book":
        if (args["action"] === "look") return structured({ booked: this.booked.includes(wanted) });
        if (!this.goods.includes(wanted)) return text(`Sorry, there is no ${wanted}.`);
        if (!this.booked.includes(wanted)) this.booked.push(wanted);
        return structured({ booked: true });
      case "buy":
        this.bought.push(wanted);
        return structured({ item: wanted });
      case "ring":
        this.rung += 1;
        return text("rung");
      default:
        return undefined;
    }
  }
}

function item(args: Args): string {
  return String(args["item"]);
}

function structured(value: Data): RawReply {
  return { kind: "result", isError: false, structured: value, content: [] };
}

function text(value: string): RawReply {
  return { kind: "result", isError: false, structured: undefined, content: [{ type: "text", text: value }] };
}
