import { enableCompileCache } from "node:module";

// Loaded before a program that tests start (`node --import`): what Node has stripped and compiled once it takes from its cache. No TypeScript: that would be stripped first, each time.
enableCompileCache();
