/** Processor time and memory of a process and everything below it, as Linux tells them in /proc. */
import { readFileSync, readdirSync } from "node:fs";

const tickMs = 10;

type Stat = { readonly pid: number; readonly parent: number; readonly reapedMs: number };

/** Undefined when it has ended meanwhile. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Gone, or never there.
    return undefined;
  }
}

function statOf(pid: number): Stat | undefined {
  const text = read(`/proc/${String(pid)}/stat`);
  if (text === undefined) return undefined;
  // The name in brackets may hold spaces: what follows it are state, parent, …
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { pid, parent: Number(fields[1]), reapedMs: (Number(fields[13]) + Number(fields[14])) * tickMs };
}

/** These processes and all their descendants. */
function treeOf(roots: readonly number[]): Stat[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat !== undefined);
  const within = new Set(roots);
  let grown = true;
  while (grown) {
    grown = false;
    for (const { pid, parent } of all) {
      if (within.has(pid) || !within.has(parent)) continue;
      within.add(pid);
      grown = true;
    }
  }
  return all.filter(({ pid }) => within.has(pid));
}

/** Nanoseconds on a processor, of each thread: finer than the ticks of `stat`. */
function threadsMs(pid: number): number {
  const folder = `/proc/${String(pid)}/task`;
  let threads: string[];
  try {
    threads = readdirSync(folder);
  } catch {
    return 0;
  }
  return threads.reduce((sum, thread) => {
    const onProcessor = read(`${folder}/${thread}/schedstat`)?.split(" ")[0] ?? "0";
    return sum + Number(onProcessor) / 1e6;
  }, 0);
}

/** Milliseconds of processor time since they began; children that have ended are counted by who waited for them. */
export function processorMs(roots: readonly number[]): number {
  return treeOf(roots).reduce((sum, { pid, reapedMs }) => sum + threadsMs(pid) + reapedMs, 0);
}

function rolledUp(roots: readonly number[], field: "Pss" | "Pss_Shmem"): number {
  const line = new RegExp(`^${field}:\\s+(\\d+)`, "m");
  return treeOf(roots).reduce((sum, { pid }) => {
    const kilobytes = line.exec(read(`/proc/${String(pid)}/smaps_rollup`) ?? "")?.[1] ?? "0";
    return sum + Number(kilobytes) * 1024;
  }, 0);
}

/** Bytes in memory; what processes share (a database's buffers) counts once. */
export const residentBytes = (roots: readonly number[]): number => rolledUp(roots, "Pss");

/** Of them, what a database keeps of its pages: as much as it was set to at most. */
export const pageCacheBytes = (roots: readonly number[]): number => rolledUp(roots, "Pss_Shmem");

export const pidsOf = (roots: readonly number[]): number[] => treeOf(roots).map(({ pid }) => pid);
