import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '..', '..');

/**
 * Runs one program without a shell and waits for it.
 * @param {string} program path or name
 * @param {string[]} args
 * @param {{ quiet?: boolean, env?: Record<string, string | undefined>, cwd?: string }} [options] `quiet` keeps the
 *   output (returned as `output`) instead of showing it
 * @returns {Promise<{ code: number, output: string, durationMs: number }>} code 127 when it could not be started
 */
export function runProgram(program, args, options = {}) {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...options.env },
      stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    const pieces = [];
    const end = (code) =>
      resolve({ code, output: Buffer.concat(pieces).toString('utf8'), durationMs: performance.now() - startedMs });
    child.stdout?.on('data', (piece) => pieces.push(piece));
    child.stderr?.on('data', (piece) => pieces.push(piece));
    child.on('error', (error) => {
      pieces.push(Buffer.from(`${program} could not be started: ${error.message}\n`));
      end(127);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

/** As `runProgram`, for the command of an installed package: its JavaScript file is run by this same Node. */
export function runPackage(packageName, args, options = {}) {
  return runProgram(process.execPath, [packageProgram(packageName, options.bin), ...args], options);
}

/**
 * The JavaScript file behind a package's command. Read from its package.json because `node_modules/.bin` holds shell
 * scripts on Windows, and Node refuses to spawn those without a shell.
 */
export function packageProgram(packageName, binName) {
  const folder = path.join(ROOT, 'node_modules', ...packageName.split('/'));
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = typeof bin === 'string' ? bin : (bin[binName ?? packageName.split('/').pop()] ?? Object.values(bin)[0]);
  return path.join(folder, file);
}

/** npm's own JavaScript file, for the same reason: `npm.cmd` cannot be spawned without a shell. Null when not found. */
export function npmProgram() {
  const beside = path.dirname(process.execPath);
  const candidates = [
    process.env['npm_execpath'],
    path.join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    path.join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    '/usr/share/nodejs/npm/bin/npm-cli.js',
    '/usr/share/npm/bin/npm-cli.js',
  ];
  return candidates.find((file) => file && /npm-cli\.c?js$/.test(file) && existsSync(file)) ?? null;
}
