import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { ArgumentError, ChainruleError } from "@chainrule/core";

/** Training elsewhere has ended before its last epoch. */
export class TorchError extends ChainruleError {
  override readonly name = "TorchError";
  /** The newest checkpoint, from which training can go on. */
  readonly checkpoint: string | undefined;

  constructor(message: string, checkpoint?: string) {
    super(message);
    this.checkpoint = checkpoint;
  }
}

/** Where processes run. */
export interface Cluster {
  /** Processes on this machine. */
  readonly processes: number;
  /** Machines; 1 unless given. Each runs the same command. */
  readonly nodes?: number;
  /** The number of this machine, from 0. */
  readonly nodeRank?: number;
  /** `host:port` of the first machine, which all others reach. */
  readonly rendezvous?: string;
}

/** Throws ArgumentError for numbers that make no cluster. */
export function checkCluster(cluster: Cluster): void {
  const { processes, nodes = 1, nodeRank = 0, rendezvous } = cluster;
  whole("processes", processes, 1);
  whole("nodes", nodes, 1);
  whole("nodeRank", nodeRank, 0);
  if (nodeRank >= nodes) {
    throw new ArgumentError(`torch: nodeRank must be less than nodes, got ${nodeRank} of ${nodes}`);
  }
  if (nodes > 1 && rendezvous === undefined) {
    throw new ArgumentError(
      `torch: ${nodes} machines must meet somewhere, got no rendezvous; give host:port of the first`,
    );
  }
  if (rendezvous !== undefined && !/^[^\s:]+:\d{1,5}$/.test(rendezvous)) {
    throw new ArgumentError(`torch: rendezvous must be host:port, got "${rendezvous}"`);
  }
}

/** Arguments of Python that start a script on a cluster; a single process needs none. */
export async function launchArguments(
  { processes, nodes = 1, nodeRank = 0, rendezvous }: Cluster,
  more: readonly string[],
): Promise<readonly string[]> {
  if (nodes === 1 && processes === 1) return [];
  const [host, port] = (rendezvous ?? `127.0.0.1:${await freePort()}`).split(":") as [
    string,
    string,
  ];
  return [
    "-m",
    "torch.distributed.run",
    ...more,
    `--nproc_per_node=${processes}`,
    `--nnodes=${nodes}`,
    `--node_rank=${nodeRank}`,
    `--master_addr=${host}`,
    `--master_port=${port}`,
  ];
}

function whole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new ArgumentError(`torch: ${name} must be a whole number ≥ ${least}, got ${value}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** How a program ended: its code or signal, and the last lines of what it complained. */
export interface Ending {
  readonly code: number | null;
  readonly complaint: string;
}

/** How many of its last lines tell what went wrong. */
const TOLD = 15;

/** A program whose lines of output are read as they come, and which ends when the reader does. */
export class Running {
  readonly lines: AsyncIterable<string>;
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;

  constructor(python: string, args: readonly string[], shared: boolean) {
    const child = spawn(python, args, {
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that all workers can be ended with it.
      detached: true,
      // One thread each unless somebody knows better, as torchrun has it: processes share the cores.
      env: shared ? { OMP_NUM_THREADS: "1", ...process.env } : process.env,
    });
    this.#child = child;
    const last: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      if (line.trim() === "") return;
      last.push(line);
      if (last.length > TOLD) last.shift();
    });
    this.lines = createInterface({ input: child.stdout });
    this.ended = new Promise((resolve) => {
      child.on("error", (error) => resolve({ code: null, complaint: error.message }));
      child.on("close", (code) => resolve({ code, complaint: last.join("\n  ") }));
    });
  }

  /** Asks the program and its workers to end, and waits until they have. */
  async end(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid !== undefined && exitCode === null && signalCode === null) {
      this.#signal(pid, "SIGTERM");
      const late = setTimeout(() => this.#signal(pid, "SIGKILL"), PATIENCE);
      await this.ended;
      clearTimeout(late);
    }
  }

  #signal(pid: number, signal: NodeJS.Signals): void {
    try {
      process.kill(-pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** How long in ms workers may take to end. */
const PATIENCE = 10_000;
