import type { ConfigReader } from './config-reader';
import type { OpenField } from './open-field';
import type { TensorFacts } from './tensor-facts';

const USED_KEYS = ['num_experts_per_tok', 'num_experts_per_token', 'top_k_experts', 'moe_k', 'moe_topk'];

/** More experts for each token than there are, which no shape repairs: how many it was is for somebody to say. */
export function checkRouting({ facts }: TensorFacts, config: ConfigReader): OpenField[] {
  const experts = facts.num_experts;
  const used = config.field(USED_KEYS);
  if (!experts || typeof used?.value !== 'number' || used.value <= experts.value) return [];
  return [
    {
      field: used.key,
      configured: used.value,
      candidates: [2, 4, 8, 1].filter((count) => count <= experts.value),
      reason: `${experts.tensor} [${experts.shape.join(', ')}] proves ${experts.value} experts; a token cannot use more.`,
      tensor: experts.tensor,
      severity: 'blocks',
    },
  ];
}
