import path from 'node:path/posix';
import { QUANTIZATIONS } from '../../domain/quantization-types';
import { required, threadsOf } from '../earlier-results';
import { checkGguf } from '../gguf-check';
import { FREE_LANE_LINE } from '../marker-line';
import { Script } from '../script';
import type { StepContext } from '../step-context';
import type { CheckResult, StepDefinition, StepPlan } from '../step-definition';
import { fileTypeOf } from '../step-file';
import { outputPath } from '../workspace';

/** Makes one quantized file from the float base. llama-quantize computes on the CPU only, whatever the host has. */
export const quantize: StepDefinition = {
  kind: 'quantize',

  async check(context: StepContext): Promise<CheckResult> {
    const type = fileTypeOf(context);
    const file = outputPath(context.workspace, type);
    const found = await checkGguf(context, file);
    if (found.state === 'missing') return { done: false };
    if (found.state === 'unsound') return { done: false, failure: found.failure };
    await context.world.ledger.recordArtifact(context.lease, {
      type,
      fileName: path.basename(file),
      hostPath: file,
      parameterCount: required(context.earlier.inspection, 'inspection').parameterCount,
      sizeBytes: found.file.sizeBytes,
    });
    return { done: true, result: { path: file } };
  },

  async plan(context: StepContext): Promise<StepPlan> {
    const { toolchain } = context.world;
    const base = required(context.earlier.base, 'float base');
    const input = await context.host.withSession((session) => session.stat(base.path), context.signal);
    return {
      kind: 'remote',
      script: quantizeScript(context),
      progress: toolchain.quantizeProgress(input?.sizeBytes ?? null),
      explain: (tail, exitCode) => toolchain.explain('quantize', tail, exitCode),
    };
  },
};

function quantizeScript(context: StepContext): string {
  const { binFolder } = required(context.earlier.toolchain, 'toolchain');
  const base = required(context.earlier.base, 'float base');
  const type = fileTypeOf(context);
  const target = outputPath(context.workspace, type);
  const partial = `${target}.partial`;
  // Importance data helps every small type; only some refuse to be made without it.
  const imatrix =
    context.earlier.imatrix && QUANTIZATIONS[type].needsImatrix ? ['--imatrix', context.earlier.imatrix.path] : [];
  return (
    new Script(context.world.shell)
      .quietly(['mkdir', '-p', context.workspace.outputs])
      .quietly(['rm', '-f', partial])
      .run([path.join(binFolder, 'llama-quantize'), ...imatrix, base.path, partial, type, String(threadsOf(context))])
      // The disk may take as long as the work did: the cores go to the next file meanwhile. The file has its name, and the
      // step its end, only once the bytes are safe.
      .raw(FREE_LANE_LINE)
      .quietly(['sync', partial])
      .run(['mv', '-f', partial, target])
      .toString()
  );
}
