import type { NamingFamily } from '../naming-family';

/** Mamba 1 and 2, which have no attention: `backbone.layers.N.mixer`. */
export const MAMBA_FAMILY: NamingFamily = {
  id: 'mamba',
  layer: /^(backbone\.)layers\.(\d{1,5})\.(.+)$/,
  embeddings: ['embeddings.weight', 'embedding.weight'],
  outputs: ['lm_head.weight'],
  norms: ['norm_f.weight'],
  rules: [
    // Mamba 1 only: hybrids share the other names but mean another size by intermediate_size.
    { fact: 'intermediate_size', tensor: 'mixer.x_proj.weight', axis: 1 },
    { fact: 'state_size', tensor: 'mixer.A_log', axis: 1 },
    { fact: 'conv_kernel', tensor: 'mixer.conv1d.weight', axis: 2 },
    { fact: 'time_step_rank', tensor: 'mixer.dt_proj.weight', axis: 1 },
  ],
};
