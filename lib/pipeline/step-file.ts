import type { QuantizationType } from '../domain/quantization-types';
import { quantizationOf } from '../domain/step-key';
import { required } from './earlier-results';
import type { ArtifactRecord } from './ledger-port';
import type { StepContext } from './step-context';

/** The type of the file that a step is about. */
export function fileTypeOf({ step }: Pick<StepContext, 'step'>): QuantizationType {
  return required(quantizationOf(step.key), 'file in the key of this step');
}

/** The file that a step is about, as an earlier one recorded it. */
export async function artifactOf(context: StepContext): Promise<ArtifactRecord> {
  const type = fileTypeOf(context);
  const artifacts = await context.world.ledger.listArtifacts(context.jobId);
  return required(artifacts.find((artifact) => artifact.type === type) ?? null, `${type} file`);
}

/** What names an artifact when more is recorded about it. */
export function identity(artifact: ArtifactRecord): Pick<ArtifactRecord, 'type' | 'fileName' | 'hostPath'> {
  return { type: artifact.type, fileName: artifact.fileName, hostPath: artifact.hostPath };
}
