#!/usr/bin/env node
import { run } from "./run.ts";

// A reader that closes the pipe early, such as `head`, ends the program quietly.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  color: process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined,
});
