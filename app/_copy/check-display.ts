import type { LucideIcon } from 'lucide-react';
import CircleCheck from 'lucide-react/icons/circle-check';
import CircleHelp from 'lucide-react/icons/circle-question-mark';
import CircleX from 'lucide-react/icons/circle-x';
import Info from 'lucide-react/icons/info';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import Wrench from 'lucide-react/icons/wrench';
import type { Severity } from '../../lib/domain/finding';
import type { FitVerdict, ModelFactName, Readiness } from '../../lib/domain/model-check';
import type { Tone } from '../_ui/badge';

interface Display {
  readonly word: string;
  readonly icon: LucideIcon;
  readonly tone: Tone;
}

/** What a check came to, in one line. */
export const READINESS_DISPLAY = {
  ready: { word: 'Ready to convert', icon: CircleCheck, tone: 'ok' },
  repairable: { word: 'Ready after a repair', icon: Wrench, tone: 'warn' },
  unanswered: { word: 'Waits for an answer', icon: CircleHelp, tone: 'warn' },
  blocked: { word: 'Cannot be converted as it is', icon: CircleX, tone: 'bad' },
} as const satisfies Record<Readiness, Display>;

/** How much a finding matters. */
export const SEVERITY_DISPLAY = {
  blocks: { word: 'Blocks', icon: CircleX, tone: 'bad' },
  damages: { word: 'Damages', icon: TriangleAlert, tone: 'warn' },
  note: { word: 'Note', icon: Info, tone: 'quiet' },
} as const satisfies Record<Severity, Display>;

/** Whether a file fits a device. */
export const FIT_DISPLAY = {
  fits: { word: 'Fits', icon: CircleCheck, tone: 'ok' },
  tight: { word: 'Tight', icon: TriangleAlert, tone: 'warn' },
  'too-big': { word: 'Too big', icon: CircleX, tone: 'bad' },
} as const satisfies Record<FitVerdict, Display>;

/** Facts by the words of the field; config.json's own keys stand beside them where they matter. */
export const FACT_NAME = {
  numHiddenLayers: 'Layers',
  hiddenSize: 'Hidden size',
  vocabSize: 'Vocabulary',
  intermediateSize: 'Feed-forward size',
  moeIntermediateSize: 'Expert feed-forward size',
  sharedExpertIntermediateSize: 'Shared expert size',
  numExperts: 'Experts',
  numAttentionHeads: 'Attention heads',
  numKeyValueHeads: 'Key/value heads',
  headDim: 'Head size',
  qLoraRank: 'Query rank',
  kvLoraRank: 'Key/value rank',
  tieWordEmbeddings: 'Output shares the embedding',
  attentionBias: 'Attention bias',
  mlpBias: 'Feed-forward bias',
  maxPositionEmbeddings: 'Learned positions',
  typeVocabSize: 'Token types',
} as const satisfies Record<ModelFactName, string>;
