import path from 'node:path/posix';
import { required, threadsOf } from '../earlier-results';
import { Script } from '../script';
import type { StepContext } from '../step-context';
import type { CheckResult, StepDefinition, StepPlan } from '../step-definition';

/** Tokens a chunk; short, so that a bundled text of a few thousand tokens gives several. */
const CHUNK_TOKENS = 256;

/** Measures which weights matter, for the types of under three bits that llama-quantize refuses to make blindly. */
export const imatrix: StepDefinition = {
  kind: 'imatrix',

  async check(context: StepContext): Promise<CheckResult> {
    const file = fileOf(context);
    const there = await context.host.withSession((session) => session.stat(file), context.signal);
    return there && there.sizeBytes > 0 ? { done: true, result: { path: file } } : { done: false };
  },

  async plan(context: StepContext): Promise<StepPlan> {
    const { toolchain } = context.world;
    const { binFolder } = required(context.earlier.toolchain, 'toolchain');
    const base = required(context.earlier.base, 'float base');
    const text = path.join(context.workspace.job, 'calibration.txt');
    const content = await toolchain.calibrationText();
    await context.host.withSession((session) => session.writeFile(text, content), context.signal);
    const partial = `${fileOf(context)}.partial`;
    const script = new Script(context.world.shell)
      .quietly(['rm', '-f', partial])
      .run([
        path.join(binFolder, 'llama-imatrix'),
        '-m',
        base.path,
        '-f',
        text,
        '-o',
        partial,
        '-c',
        String(CHUNK_TOKENS),
        '-t',
        String(threadsOf(context)),
      ])
      .run(['mv', '-f', partial, fileOf(context)]);
    return {
      kind: 'remote',
      script: script.toString(),
      progress: toolchain.imatrixProgress(),
      explain: (tail, exitCode) => toolchain.explain('imatrix', tail, exitCode),
    };
  },
};

function fileOf(context: StepContext): string {
  return path.join(context.workspace.job, 'imatrix.gguf');
}
