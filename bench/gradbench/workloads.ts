const brief = ["--min-runs", "3", "--min-seconds", "0.05"];

/** The evals of the suite with their arguments: sizes of its own, the largest left out where they take minutes. */
export const workloads: readonly (readonly [string, readonly string[]])[] = [
  ["hello", []],
  ["llsq", ["-n", "16", "128", "1024", "4096", "16392", ...brief]],
  ["lse", ["-n", "2500", "40000", "320000", ...brief]],
  ["det", ["-l", "5", "7", "9", ...brief]],
  ["gmm", ["-d", "2", "10", "32", "-k", "5", "25", ...brief]],
  ["ba", ["--min", "1", "--max", "3", ...brief]],
  ["ht", ["--variant", "simple", "--model", "small", "--min", "1", "--max", "5", ...brief]],
  ["ht", ["--variant", "complicated", "--model", "small", "--min", "1", "--max", "5", ...brief]],
  ["ht", ["--variant", "complicated", "--model", "big", "--min", "1", "--max", "2", ...brief]],
  ["kmeans", ["-k", "10", "100", "-n", "1000", "10000", "-d", "8", "16", ...brief]],
  ["lstm", ["-l", "2", "4", "-c", "1024", ...brief]],
  ["ode", ["-n", "1000", "10000", "100000", "-s", "1", "10", "100", ...brief]],
  ["saddle", brief],
  ["particle", brief],
];
