import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runProgram } from './run-program.mjs';
import { durationText, LaunchProblem, say } from './say.mjs';

const SCRIPT = 'lib/toolchain/host/prepare-toolchain.sh';

/**
 * Prepares llama.cpp on this machine with the very script that jobs send to their hosts, so it is found there later.
 * @returns {Promise<{ python: string, ggufPython: string }>} the toolchain's Python and the folder of its gguf package
 */
export async function prepareToolchain() {
  const env = scriptEnvironment();
  const check = await runProgram('sh', [SCRIPT, '--check'], { quiet: true, env });
  if (check.code === 0) return pathsIn(check.output);
  say('Preparing llama.cpp on this machine (once; one to fifteen minutes) ...');
  const run = await runProgram('sh', [SCRIPT], { quiet: true, env });
  if (run.code !== 0) throw new LaunchProblem(problemIn(run.output));
  say(`llama.cpp is ready (${durationText(run.durationMs)}).`);
  return pathsIn(run.output);
}

function pathsIn(output) {
  const line = lastLine(output, 'quantdeck-result: ');
  if (!line) throw new LaunchProblem(`${output}\nThe preparation of llama.cpp ended without naming what it prepared.`);
  const { paths } = JSON.parse(line);
  return { python: paths.python, ggufPython: path.join(path.dirname(paths.convertScript), 'gguf-py') };
}

function problemIn(output) {
  const line = lastLine(output, 'quantdeck-failure: ');
  const tail = output.trim().split('\n').slice(-25).join('\n');
  if (!line) return `${tail}\nllama.cpp could not be prepared; the reason is above.`;
  const failure = JSON.parse(line);
  return `${tail}\n\nllama.cpp could not be prepared: ${failure.message}\n${failure.remedy}`;
}

function lastLine(output, prefix) {
  const line = output.split('\n').findLast((each) => each.startsWith(prefix));
  return line?.slice(prefix.length) ?? null;
}

/** Where the script keeps things: outside the checkout, shared by all checkouts and by "This machine". */
export function quantdeckHome() {
  return path.join(process.env['QUANTDECK_HOME'] ?? os.homedir(), '.quantdeck');
}

/** The dashboard's settings under the script's own names; what is not set keeps the script's default. */
function scriptEnvironment() {
  const env = process.env;
  const values = {
    QD_ROOT: quantdeckHome(),
    QD_TOOLCHAIN_PATH: env['QUANTDECK_TOOLCHAIN_PATH'],
    QD_RELEASE_BASE: env['QUANTDECK_LLAMA_RELEASES'],
    QD_SOURCE_BASE: env['QUANTDECK_LLAMA_SOURCES']?.split(/[\s,]+/).join(' '),
    QD_NPM_REGISTRY: env['QUANTDECK_NPM_REGISTRY'],
    QD_PIP_INDEX_URL: env['QUANTDECK_PIP_INDEX_URL'],
    QD_PIP_CONSTRAINTS: env['QUANTDECK_PIP_CONSTRAINTS'],
    QD_PIP_EXTRA_ARGS: env['QUANTDECK_PIP_EXTRA_ARGS'],
    QD_TORCH_REQUIREMENTS: env['QUANTDECK_TORCH_REQUIREMENTS'],
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value));
}

/** Whether this is Debian or a relative of it, where missing programs can be installed with apt-get. */
export function isDebian() {
  return existsSync('/etc/debian_version') && /debian|ubuntu/i.test(readFileSync('/etc/os-release', 'utf8'));
}
