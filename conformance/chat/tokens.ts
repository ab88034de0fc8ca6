import { encode } from "gpt-tokenizer/encoding/o200k_base";
import type { Client } from "@modelcontextprotocol/client";
import { realLists } from "../catalogues.ts";
import type { Turn } from "./conversation.ts";
import { settled } from "./transcript.ts";

/** What a model reads, in tokens of `o200k_base`. */
export interface ReadTokens {
  readonly instructions: number;
  /** Names, descriptions and schemas of all tools. */
  readonly tools: number;
  /** Of the manual, once. */
  readonly language: number;
  /** What the other calls answered. */
  readonly answers: number;
}

/** How many tokens a text has. */
export function tokensOf(text: string): number {
  return encode(text).length;
}

/** What a model has read by the end of these turns: instructions, tools, and each answer once. A port of five digits is some tokens more than one of four: counted is what the guide shows. */
export async function readTokens(client: Client, turns: readonly Turn[]): Promise<ReadTokens> {
  const { tools } = await client.listTools();
  const shown = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  const answers = turns.flatMap((turn) => (turn.who === "tool" ? [{ isManual: turn.name === "read" && turn.args["name"] === "language", tokens: tokensOf(settled(turn.reply.text)) }] : []));
  const sum = (isManual: boolean): number => answers.filter((one) => one.isManual === isManual).reduce((total, { tokens }) => total + tokens, 0);
  return { instructions: tokensOf(client.getInstructions() ?? ""), tools: tokensOf(JSON.stringify(shown)), language: sum(true), answers: sum(false) };
}

/** What it would read if all lists of the catalogue were handed to it. */
export function catalogueTokens(): number {
  return realLists().reduce((sum, { text }) => sum + tokensOf(text), 0);
}
