import type { CheckpointOrigin } from '../domain/checkpoint-origin';
import type { ModelCheckReport } from '../domain/model-check';
import { QUANTIZATIONS, type QuantizationType } from '../domain/quantization-types';
import { type RentalWork, rentalWorkOf } from '../domain/rental-work';
import { baseTypeOf } from './base-type';
import { fileBytes, imatrixBytes, planDisk, planMemory } from './disk-plan';

/** The part of a report that sizes come from. */
export type SizedReport = Pick<ModelCheckReport, 'parameterCount' | 'totalBytes' | 'dtype' | 'facts' | 'fits'>;

/** Our own text for an importance matrix has 8.3 KB, and a token has about four bytes. */
const IMATRIX_TOKENS = 2100;
/** Where shapes do not say it, the largest tensor is taken as this part: an embedding of a small model. */
const LARGEST_TENSOR_SHARE = 1 / 8;
const LARGEST_TENSOR_ELEMENTS = 2 ** 31;

/** What converting a checked model on a rented machine comes to: sizes of the check, everything brought home. */
export function rentalWorkOfCheck(
  report: SizedReport,
  outputs: readonly QuantizationType[],
  sourceFrom: CheckpointOrigin,
): RentalWork {
  const { parameterCount, totalBytes: sourceBytes } = report;
  const baseType = baseTypeOf({ baseType: 'auto', outputs: [...outputs] }, report.dtype);
  const sizes = new Map(report.fits.map((fit) => [fit.type, fit.sizeBytes]));
  const plan = planDisk({ sourceBytes, parameterCount, baseType, outputs, sizes });
  const smallest = Math.min(...outputs.map((type) => sizes.get(type) ?? fileBytes(parameterCount, type)));
  const memory = planMemory(largestTensor(report), smallest);
  const needsImatrix = outputs.some((type) => QUANTIZATIONS[type].needsImatrix);
  return rentalWorkOf(plan, {
    sourceFrom,
    parameterCount,
    baseType,
    outputs,
    bringHome: true,
    memoryBytes: Math.max(
      memory.convertBytes,
      memory.quantizeBytes,
      memory.verifyBytes,
      needsImatrix ? imatrixBytes(plan.baseBytes) : 0,
    ),
    imatrixTokens: needsImatrix ? IMATRIX_TOKENS : null,
  });
}

/** Elements of the embedding or of a layer's stacked experts, by the shapes that the check proved. */
function largestTensor({ facts, parameterCount }: SizedReport): number {
  const sizeOf = (name: keyof ModelCheckReport['facts']) => Number(facts[name]?.value ?? 0);
  const hidden = sizeOf('hiddenSize');
  const known = Math.max(
    hidden * sizeOf('vocabSize'),
    hidden * sizeOf('numExperts') * (sizeOf('moeIntermediateSize') || sizeOf('intermediateSize')),
  );
  return known > 0 ? known : Math.min(parameterCount * LARGEST_TENSOR_SHARE, LARGEST_TENSOR_ELEMENTS);
}
