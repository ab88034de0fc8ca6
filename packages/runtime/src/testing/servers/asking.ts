import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { createAsking } from "./create-asking.ts";

/** The server that asks back, over stdio: `node asking.ts`. */
serveStdio(createAsking);
