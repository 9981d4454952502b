/**
 * Variables that the converter runs with. It takes AutoConfig and AutoTokenizer alone from transformers and computes with
 * torch itself, but transformers, where it finds torch, loads its models' modules, torch.distributed and the compiler as
 * well: 1.3 of the 4.3 seconds that a small conversion takes. With these the file is the same byte for byte (the corpora
 * are judged by it). Code that comes with a checkpoint may import whatever it likes, so it finds everything.
 * @param files names of the checkpoint's files.
 * @returns a prefix of the command; transformers 5, which has no such switch, is not disturbed by it.
 */
export function converterEnvironment(files: readonly string[]): readonly string[] {
  if (files.some((name) => name.endsWith('.py'))) return [];
  // Without the second one its log begins with "None of PyTorch, TensorFlow >= 2.0, or Flax have been found".
  return ['env', 'USE_TORCH=0', 'TRANSFORMERS_NO_ADVISORY_WARNINGS=1'];
}
