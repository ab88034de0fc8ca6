import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { createWorkshop } from "./create-workshop.ts";

// The workshop as a process of its own: `node workshop.ts`.
await createWorkshop().connect(new StdioServerTransport());
