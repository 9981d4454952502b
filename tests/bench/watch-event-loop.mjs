// Loaded into the dashboard by --import: says its pid, and on SIGUSR2 how late its event loop was since the last time.
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const file = process.env.BENCH_LOOP_FILE;
const RESOLUTION_MS = 10;
const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

/** The histogram counts the timer's own interval in: what is above it is lateness. */
function lateMs(nanoseconds) {
  return Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
}

function write(answer) {
  writeFileSync(`${file}.tmp`, JSON.stringify({ pid: process.pid, ...answer }));
  renameSync(`${file}.tmp`, file);
}

if (file) {
  delays.enable();
  write({});
  process.on('SIGUSR2', () => {
    write({
      at: Date.now(),
      p50Ms: lateMs(delays.percentile(50)),
      p99Ms: lateMs(delays.percentile(99)),
      maxMs: lateMs(delays.max),
      memory: process.memoryUsage(),
      cpu: process.cpuUsage(),
    });
    delays.reset();
  });
}
