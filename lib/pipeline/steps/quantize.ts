import path from 'node:path/posix';
import { QUANTIZATIONS, type QuantizationType } from '../../domain/quantization-types';
import { quantizationOf } from '../../domain/step-key';
import { required, threadsOf } from '../earlier-results';
import { checkGguf } from '../gguf-check';
import { Script } from '../script';
import type { StepContext } from '../step-context';
import type { CheckResult, StepDefinition, StepPlan } from '../step-definition';
import { outputPath } from '../workspace';

/** Makes one quantized file from the float base. llama-quantize computes on the CPU only, whatever the host has. */
export const quantize: StepDefinition = {
  kind: 'quantize',

  async check(context: StepContext): Promise<CheckResult> {
    const type = typeOf(context);
    const file = outputPath(context.workspace, type);
    const problem = await checkGguf(context, file);
    if (problem === 'missing') return { done: false };
    if (problem !== null) return { done: false, failure: problem };
    const stat = await context.host.withSession((session) => session.stat(file), context.signal);
    await context.world.ledger.recordArtifact(context.lease, {
      type,
      fileName: path.basename(file),
      hostPath: file,
      parameterCount: required(context.earlier.inspection, 'inspection').parameterCount,
      ...(stat ? { sizeBytes: stat.sizeBytes } : {}),
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

function typeOf(context: StepContext): QuantizationType {
  const type = quantizationOf(context.step.key);
  if (type === null) throw new Error(`${context.step.key} is not a quantize step`);
  return type;
}

function quantizeScript(context: StepContext): string {
  const { binFolder } = required(context.earlier.toolchain, 'toolchain');
  const base = required(context.earlier.base, 'float base');
  const type = typeOf(context);
  const target = outputPath(context.workspace, type);
  const partial = `${target}.partial`;
  // Importance data helps every small type; only some refuse to be made without it.
  const imatrix =
    context.earlier.imatrix && QUANTIZATIONS[type].needsImatrix ? ['--imatrix', context.earlier.imatrix.path] : [];
  return new Script(context.world.shell)
    .quietly(['mkdir', '-p', context.workspace.outputs])
    .quietly(['rm', '-f', partial])
    .run([path.join(binFolder, 'llama-quantize'), ...imatrix, base.path, partial, type, String(threadsOf(context))])
    .quietly(['sync', partial])
    .run(['mv', '-f', partial, target])
    .toString();
}
