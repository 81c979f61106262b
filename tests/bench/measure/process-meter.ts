/** What a process has used, as the system counts it: all its threads together. Linux only. */
import { readFileSync } from 'node:fs';

/** Parts of a second in which /proc counts (source: proc(5), `sysconf(_SC_CLK_TCK)`; 100 on every Linux of today). */
const ticksPerSecond = 100;

/** CPU time in ms since the process began, user and system. */
export function cpuMsOf(pid: number): number {
  return cpuMsIn(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

/** @param stat - text of /proc/<pid>/stat; the name in parentheses may hold anything */
export function cpuMsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond;
}

/** CPU time in ms of a process and of all its children that have ended. @param stat - text of /proc/<pid>/stat */
export function ownCpuMsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * 1_000) / ticksPerSecond;
}

/** Resident memory in MB (10^6 bytes). */
export function rssMbOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kilobytes) * 1_024) / 1_000_000;
}

/** CPU time of one core in ms: what was used, and what went by. */
export interface CoreTimes {
  busyMs: number;
  idleMs: number;
}

/** Times of every core since the machine began, by its number. */
export function coreTimes(): CoreTimes[] {
  return coreTimesIn(readFileSync('/proc/stat', 'utf8'));
}

/** @param stat - text of /proc/stat */
export function coreTimesIn(stat: string): CoreTimes[] {
  return Array.from(stat.matchAll(/^cpu\d+ (.+)$/gm), ([, line = '']) => {
    const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, soft = 0, steal = 0] = line
      .split(' ')
      .map((ticks) => (Number(ticks) * 1_000) / ticksPerSecond);
    return { busyMs: user + nice + system + irq + soft + steal, idleMs: idle + wait };
  });
}
