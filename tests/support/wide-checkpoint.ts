import { TINY_CHECKPOINTS, type TinyCheckpoint } from './tiny-checkpoints';

/** The tiny Llama, 1024 numbers wide, so that several sizes of a head are usual. */
export function wideCheckpoint(): TinyCheckpoint {
  const llama = TINY_CHECKPOINTS['llama'] as TinyCheckpoint;
  return {
    ...llama,
    tensors: Object.fromEntries(
      Object.entries(llama.tensors).map(([name, shape]) => [
        name,
        'shape' in shape ? shape : shape.map((size) => ({ 32: 1024, 16: 256 })[size] ?? size),
      ]),
    ),
    config: { ...llama.config, hidden_size: 1024 },
  };
}
