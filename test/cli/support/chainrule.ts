import { run } from "chainrule";

/** What a call of the command line gave. */
export interface Called {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Calls the command line with some words, and keeps what it prints. */
export async function chainrule(...words: readonly string[]): Promise<Called> {
  let out = "";
  let error = "";
  const code = await run(words, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
    color: false,
  });
  return { code, out, error };
}
