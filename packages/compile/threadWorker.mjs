// A thread: an instance of a program's module on the memory of the caller's. It waits until it is told to do its part of a
// step. See src/threads/threadPool.ts for the fields of `control`.
const EPOCH = 0;
const JOB = 1;
const STEP = 2;
const PARTS = 3;
const PENDING = 4;
const FAILED = 5;
const READY = 6;
const GLOBALS = 8;

async function start({ module, memory, control, names }) {
  const refuse = () => {
    throw new Error("a thread must not call the host, got a call");
  };
  const { pow, sin, cos, tan } = Math;
  const imports = { math: { pow, sin, cos, tan }, threads: { memory, run: refuse } };
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    if (kind === "function") imports[from][name] ??= refuse;
  }
  const { exports } = await WebAssembly.instantiate(module, imports);
  let epoch = 0;
  let job = Atomics.load(control, JOB);
  const part = Atomics.add(control, READY, 1) + 1;
  for (;;) {
    const now = Atomics.load(control, JOB);
    if (now === job) {
      Atomics.wait(control, JOB, now, 1000);
      continue;
    }
    const step = Atomics.load(control, STEP);
    const parts = Atomics.load(control, PARTS);
    // Odd while it is being written; another number afterwards tells that these may belong together no more.
    if (now % 2 !== 0 || Atomics.load(control, JOB) !== now) continue;
    job = now;
    if (step < 0) return;
    if (part >= parts) continue;
    const latest = Atomics.load(control, EPOCH);
    if (latest !== epoch) {
      names.forEach((name, i) => {
        exports[name].value = Atomics.load(control, GLOBALS + i);
      });
      epoch = latest;
    }
    try {
      exports.work(step, part, parts);
    } catch {
      Atomics.store(control, FAILED, 1);
    }
    Atomics.sub(control, PENDING, 1);
    Atomics.notify(control, PENDING);
  }
}

const node =
  globalThis.process?.versions?.node === undefined
    ? undefined
    : await import("node:worker_threads");
if (node !== undefined) start(node.workerData);
else globalThis.onmessage = ({ data }) => start(data);
