import { createInterface } from "node:readline";
import { type Message, respond } from "./respond.ts";

/** Answers messages, one a line of JSON, until there are no more. */
export async function serve(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<void> {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === "") continue;
    output.write(`${JSON.stringify(respond(JSON.parse(line) as Message))}\n`);
  }
}
