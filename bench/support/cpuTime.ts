/**
 * Milliseconds of processor time that this process has taken, all its threads together: time it waited for a core is
 * left out.
 */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
