import type { GgufHeader } from './gguf-header';
import type { PlannedTensor } from './gguf-planned-tensor';
import type { GgufTensorPlan } from './gguf-tensor-plan';

/** A reranker's two rows instead of an output layer; its converter decides by the model card, which is not read here. */
const RERANKER_OUTPUT = 'cls.output.weight';

/** Tensors of a GGUF that are missing, not expected, or of another shape than planned, as sentences. */
export function compareTensors(header: GgufHeader, plan: GgufTensorPlan): string[] {
  const written = new Map(header.tensors.map((tensor) => [tensor.name, tensor.dimensions]));
  const planned = new Map(plan.tensors.map((tensor) => [tensor.name, tensor]));
  if (written.has(RERANKER_OUTPUT) && !planned.has(RERANKER_OUTPUT)) return [];
  const problems: string[] = [];
  for (const [name, tensor] of planned) {
    const dimensions = written.get(name);
    if (dimensions === undefined) problems.push(`Tensor ${name} of the checkpoint is missing in the GGUF.`);
    else if (!hasShape(tensor, dimensions)) {
      problems.push(
        `Tensor ${name} is [${dimensions.join(', ')}] in the GGUF, but the checkpoint makes it [${tensor.dimensions.join(', ')}].`,
      );
    }
  }
  for (const name of written.keys()) {
    if (!planned.has(name))
      problems.push(`Tensor ${name} is in the GGUF, but the checkpoint has nothing that makes it.`);
  }
  return problems;
}

function hasShape(tensor: PlannedTensor, dimensions: readonly number[]): boolean {
  const [, rows = 0] = dimensions;
  return (
    dimensions.length === tensor.dimensions.length &&
    dimensions.every((length, axis) => {
      const isTrimmed = axis === 1 && tensor.mayLoseRows === true && rows > 0 && rows <= (tensor.dimensions[1] ?? 0);
      return isTrimmed || length === tensor.dimensions[axis];
    })
  );
}
