import type { BaseModel } from './base-model';
import { CLASSIC_MODELS } from './classic-models';
import { GOOGLE_MODELS } from './google-models';
import { META_MODELS } from './meta-models';
import { MICROSOFT_MODELS } from './microsoft-models';
import { MISTRAL_MODELS } from './mistral-models';
import { OPEN_SCIENCE_MODELS } from './open-science-models';
import { OTHER_MODELS } from './other-models';
import { QWEN_MODELS } from './qwen-models';

/** Every model whose shapes are known here. */
export const KNOWN_MODELS: readonly BaseModel[] = [
  ...META_MODELS,
  ...QWEN_MODELS,
  ...MISTRAL_MODELS,
  ...MICROSOFT_MODELS,
  ...GOOGLE_MODELS,
  ...OPEN_SCIENCE_MODELS,
  ...OTHER_MODELS,
  ...CLASSIC_MODELS,
];
