import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { createWorkshop } from "./create-workshop.ts";

// The workshop as a process of its own: `node workshop.ts`, of the legacy era; `node workshop.ts modern`, of both.
if (process.argv[2] === "modern") serveStdio(() => createWorkshop());
else await createWorkshop().connect(new StdioServerTransport());
