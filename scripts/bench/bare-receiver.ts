import { createServer } from "node:http";
import Database from "better-sqlite3";

/** What a receiver of webhooks must at least do: keep each delivery once, wait for the disk, answer. `FILE PORT`. */
const [file = "", port = "0"] = process.argv.slice(2);
const database = new Database(file);
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL");
database.exec("CREATE TABLE deliveries (id TEXT PRIMARY KEY, body TEXT NOT NULL)");
const keep = database.prepare("INSERT INTO deliveries (id, body) VALUES (?, ?) ON CONFLICT DO NOTHING");

createServer((request, response) => {
  if (request.method !== "POST") return void response.end();
  let body = "";
  request.setEncoding("utf8").on("data", (text: string) => (body += text)).on("end", () => {
    keep.run(String(request.headers["x-github-delivery"]), body);
    response.writeHead(202).end("Accepted.");
  });
}).listen(Number(port), "127.0.0.1");
