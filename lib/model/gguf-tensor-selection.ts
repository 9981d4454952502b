import type { GgufLineage } from './gguf-lineage';

/** What `TextModel.filter_tensors` of the converter takes for a vision or audio tower, v0.5.0. */
const TOWER_STARTS = [
  'mlp',
  'vit.',
  'vpm.',
  'siglip2.',
  'conformer.',
  'merger.',
  'resampler.',
  'sound_encoder.',
  'sound_projection.',
  'speech_embeddings.',
];
const TOWER_PARTS = [
  'visual.',
  'vision.',
  'audio.',
  'talker.',
  'vision_',
  'audio_',
  'token2wav.',
  'code2wav.',
  'projector.',
  'pre_mm_projector_norm',
  'image_newline',
  'view_seperator',
  'patch_embed',
  'patch_merger.',
  'patch_merge_mlp.',
  'model.connector.',
];
/** Buffers that every class leaves out (`prepare_tensors`). */
const BUFFERS = ['.attention.masked_bias', '.attention.bias', '.rotary_emb.inv_freq'];
/** Scales that are merged into their FP8 weights, or belong to activations. */
const SCALES = ['_scale_inv', '.activation_scale', '_activation_scale', '.qscale_act', '.qscale_weight'];

/** The name that the lineage's tables know, or null for a tensor that the converter leaves out. */
export function normalizedName(original: string, lineage: GgufLineage): string | null {
  let name = original;
  for (const start of lineage.strips ?? []) if (name.startsWith(start)) name = name.slice(start.length);
  if (lineage.leavesOut?.some((start) => name.startsWith(start))) return null;
  if (TOWER_STARTS.some((start) => name.startsWith(start)) || TOWER_PARTS.some((part) => name.includes(part))) {
    return null;
  }
  if ([...BUFFERS, ...SCALES].some((end) => name.endsWith(end))) return null;
  if (lineage.leavesOutBiases && name.endsWith('.bias')) return null;
  if (name.endsWith('e_score_correction_bias')) name = `${name.slice(0, -'_bias'.length)}.bias`;
  // Old BERT checkpoints call a norm's weight and bias as TensorFlow does.
  if (lineage.architecture === 'bert') name = name.replace(/\.gamma$/, '.weight').replace(/\.beta$/, '.bias');
  return name.replace('language_model.', '').replace('text_model.', '');
}
