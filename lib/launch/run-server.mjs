import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ROOT } from './run-program.mjs';

/**
 * Runs a Node program in the foreground until it ends; signals are passed on.
 * @param {string[]} args of `node`
 * @returns {Promise<number>} its exit code, or 128 plus the number of the signal that ended it
 */
export function runInForeground(args, env = {}) {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env },
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => passOn(child, signal));
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(error);
      resolve(1);
    });
    child.on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 1)));
  });
}

/** Ctrl-C in a terminal reaches the child by itself; sent twice it would look like "stop at once". */
function passOn(child, signal) {
  if (signal === 'SIGINT' && process.stdin.isTTY) return;
  child.kill(signal);
}
