/** One tensor that the converter will write. */
export interface PlannedTensor {
  readonly name: string;
  /** In GGUF's order: the fastest-running dimension first. */
  readonly dimensions: readonly number[];
  /** `float` follows the chosen float type; the others are stored like this whatever is chosen. */
  readonly storage: 'float' | 'F32' | 'MXFP4';
  /** `true` when rows that no token uses are cut off, and how many tokens there are was not said. */
  readonly mayLoseRows?: true;
}

/** Elements of a tensor. */
export function elementsOf(tensor: { readonly dimensions: readonly number[] }): number {
  return tensor.dimensions.reduce((product, length) => product * length, 1);
}
