import type { Finding } from '../domain/finding';
import type { TensorInfo } from './safetensors-header';

const LORA_PART = /\.lora_(A|B|embedding_A|embedding_B|magnitude_vector)(\.|$)/;
/** What an adapter's layer keeps of the model, and whole layers that it was trained with. */
const WRAPPED = /^base_model\.model\.|\.base_layer\.|\.modules_to_save\.|\.original_module\./;

/** A LoRA adapter, or a model saved with one around it, under the name of a whole model. */
export function checkAdapterTensors(tensors: readonly TensorInfo[]): Finding | null {
  const parts = tensors.filter(({ name }) => LORA_PART.test(name));
  const wrapped = tensors.filter(({ name }) => WRAPPED.test(name));
  const found = parts.length > 0 ? parts : wrapped;
  if (found.length === 0) return null;
  const message =
    parts.length === tensors.length
      ? `All ${parts.length} tensors are parts of a LoRA adapter: this is a change to a base model, not a whole model.`
      : `${found.length} of ${tensors.length} tensors are named as PEFT names them while an adapter is attached; the converter knows no such names.`;
  return {
    code: 'model-is-adapter',
    severity: 'blocks',
    message,
    remedy: "Merge the adapter into its base model (PEFT's merge_and_unload, then save_pretrained), and convert that.",
    evidence: found.slice(0, 5).map(({ name }) => `tensor ${name.slice(0, 160)}`),
  };
}
