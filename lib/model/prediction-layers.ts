import { type FieldVerdict, fieldVerdict } from './config-check';
import { EXTRA_LAYER_KEYS } from './config-fields';
import { type ConfigObject, declaredArchitecture, openConfig } from './config-reader';
import type { TensorFacts } from './tensor-facts';

/**
 * Classes whose converter adds `num_nextn_predict_layers` to the layers it has names for, so that without the field it
 * stops at the first of those layers: `Can not map tensor 'model.layers.46.eh_proj.weight'` (llama.cpp v0.5.0; DeepSeek
 * V2 and V3 pass these layers over whatever the field says).
 */
const COUNTS_THEM: ReadonlySet<string> = new Set([
  'Glm4MoeForCausalLM',
  'Glm4vMoeForConditionalGeneration',
  'GlmMoeDsaForCausalLM',
  'DeepseekV32ForCausalLM',
  'BailingMoeV2ForCausalLM',
  'BailingMoeV3ForCausalLM',
  'Cohere2MoeForCausalLM',
  'HYV3ForCausalLM',
  'Step3p5ForCausalLM',
]);
const KEY = 'num_nextn_predict_layers';

/**
 * Layers that only predict further tokens, as the tensors have them, against the number in config.json. A number without
 * such layers is no fault: fine-tunes drop them, and llama.cpp loads what is left.
 */
export function checkPredictionLayers({ facts }: TensorFacts, written: ConfigObject): FieldVerdict[] {
  const stored = facts.extra_prediction_layers;
  if (!stored || !COUNTS_THEM.has(declaredArchitecture(written) ?? '')) return [];
  const config = openConfig(written);
  const said = config.field(EXTRA_LAYER_KEYS);
  if (said?.value === stored.value) return [];
  return [
    fieldVerdict(said?.key ?? config.section + KEY, said?.value ?? null, stored, { label: 'layers that predict' }),
  ];
}
