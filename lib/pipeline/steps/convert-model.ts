import path from 'node:path/posix';
import type { QuantizationType } from '../../domain/quantization-types';
import { baseTypeOf } from '../../model/base-type';
import { converterEnvironment } from '../converter-environment';
import { required } from '../earlier-results';
import { checkGguf } from '../gguf-check';
import { readGgufProof } from '../gguf-proof';
import type { RemoteFile } from '../host-port';
import { Script } from '../script';
import type { ConvertedBase, StepContext } from '../step-context';
import type { CheckResult, StepDefinition, StepPlan } from '../step-definition';
import { outputPath } from '../workspace';

/** Makes the float GGUF that every quantization is made from. */
export const convertModel: StepDefinition = {
  kind: 'convert-model',

  async check(context: StepContext): Promise<CheckResult> {
    const type = baseType(context);
    const file = outputPath(context.workspace, type);
    const found = await checkGguf(context, file, () => readGgufProof(context));
    if (found.state === 'missing') return { done: false };
    if (found.state === 'unsound') return { done: false, failure: found.failure };
    if (context.spec.outputs.includes(type)) await recordBase(context, type, found.file);
    const result: ConvertedBase = { path: file, type, prompt: found.header.prompt };
    return { done: true, result };
  },

  async plan(context: StepContext): Promise<StepPlan> {
    const { toolchain } = context.world;
    return {
      kind: 'remote',
      script: convertScript(context),
      progress: toolchain.convertProgress(),
      explain: (tail, exitCode) => toolchain.explain('convert', tail, exitCode),
    };
  },
};

/**
 * Sends the file to the disk while it is written, on a core that the converter leaves free: at its end little is left to
 * wait for. Only where sync takes a file; others would flush everything, for all who use the disk. It ends with its script.
 */
function flushAlong(file: string): string {
  const loop = `while sleep 1 && kill -0 $$; do if [ -f ${file} ]; then sync ${file}; fi; done`;
  return `if sync --version >/dev/null 2>&1; then (${loop}) </dev/null >/dev/null 2>&1 & fi`;
}

/** Known from the inspection on. */
function baseType(context: StepContext) {
  return baseTypeOf(context.spec, required(context.earlier.inspection, 'inspection').dtype);
}

function convertScript(context: StepContext): string {
  const { workspace, earlier } = context;
  const source = required(earlier.source, 'fetched source');
  const { python, convertScript: converter } = required(earlier.toolchain, 'toolchain');
  const type = baseType(context);
  const target = outputPath(workspace, type);
  const partial = `${target}.partial`;
  const script = new Script(context.world.shell);
  script.quietly(['mkdir', '-p', workspace.outputs]).quietly(['rm', '-rf', workspace.checkpoint, partial]);
  const { written, leftOut } = earlier.repair ?? { written: [], leftOut: [] };
  const kept = source.files.filter((name) => !written.includes(name) && !leftOut.includes(name));
  for (const folder of new Set(kept.map((name) => path.dirname(name)))) {
    const place = path.join(workspace.checkpoint, folder);
    const names = kept.filter((name) => path.dirname(name) === folder);
    script.quietly(['mkdir', '-p', place]);
    script.quietly(['ln', '-sf', ...names.map((name) => path.join(source.folder, name)), place]);
  }
  for (const name of written) {
    const target = path.join(workspace.checkpoint, name);
    script.quietly(['mkdir', '-p', path.dirname(target)]).run(['cp', path.join(workspace.repaired, name), target]);
  }
  // The converter's output directory must exist, and a name without .partial must mean "it reached its end" (the header
  // is written first, so a half file has valid magic).
  script.raw(flushAlong(script.quote(partial)));
  script.run([
    ...converterEnvironment(source.files),
    python,
    '-u',
    converter,
    workspace.checkpoint,
    '--outfile',
    partial,
    '--outtype',
    type.toLowerCase(),
    '--model-name',
    workspace.modelName,
  ]);
  return script.quietly(['sync', partial]).run(['mv', '-f', partial, target]).toString();
}

async function recordBase(context: StepContext, type: QuantizationType, file: RemoteFile): Promise<void> {
  await context.world.ledger.recordArtifact(context.lease, {
    type,
    fileName: path.basename(file.path),
    hostPath: file.path,
    parameterCount: required(context.earlier.inspection, 'inspection').parameterCount,
    sizeBytes: file.sizeBytes,
  });
}
