import { DECODER_FAMILY } from './families/decoder-family';
import { ENCODER_FAMILIES } from './families/encoder-families';
import { GPT_FAMILIES } from './families/gpt-families';
import { MAMBA_FAMILY } from './families/mamba-family';
import type { NamingFamily } from './naming-family';

/** Tried in turn; the family whose layers and embedding are both found, with most tensors, explains the checkpoint. */
export const NAMING_FAMILIES: readonly NamingFamily[] = [
  DECODER_FAMILY,
  ...GPT_FAMILIES,
  ...ENCODER_FAMILIES,
  MAMBA_FAMILY,
];
