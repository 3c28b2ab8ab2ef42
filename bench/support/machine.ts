import { cpus } from "node:os";

/** Where and when numbers were measured. */
export function machine(): string {
  const [cpu] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  return `Node ${process.versions.node}, V8 ${process.versions.v8}, ${cpu?.model.trim()}, ${cpus().length} cores, ${date}`;
}
