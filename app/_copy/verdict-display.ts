import type { LucideIcon } from 'lucide-react';
import CircleHelp from 'lucide-react/icons/circle-question-mark';
import ShieldAlert from 'lucide-react/icons/shield-alert';
import ShieldCheck from 'lucide-react/icons/shield-check';
import ShieldX from 'lucide-react/icons/shield-x';
import type { ArtifactPlace, Verdict } from '../../lib/domain/artifact';
import type { SampleRemark } from '../../lib/domain/sample-remark';
import type { Tone } from '../_ui/badge';

interface VerdictDisplay {
  readonly word: string;
  /** One sentence on what was and was not proven for a file. */
  readonly meaning: string;
  /** The same for a whole job. */
  readonly ofJob: string;
  readonly icon: LucideIcon;
  readonly tone: Tone;
}

/** What a verdict is called and what it claims. */
export const VERDICT_DISPLAY = {
  works: {
    word: 'Works',
    meaning: 'Read back, loaded by llama.cpp, and it generated text.',
    ofJob: 'Every file was read back, loaded by llama.cpp, and generated text.',
    icon: ShieldCheck,
    tone: 'ok',
  },
  partly: {
    word: 'Partly works',
    meaning: 'It loads, but one of the checks did not pass.',
    ofJob: 'Not every check of every file passed. See which below.',
    icon: ShieldAlert,
    tone: 'warn',
  },
  'does-not-work': {
    word: 'Does not work',
    meaning: 'llama.cpp could not load it, or the file is broken.',
    ofJob: 'No file passed its checks.',
    icon: ShieldX,
    tone: 'bad',
  },
  unknown: {
    word: 'Not proven yet',
    meaning: 'Its checks have not run.',
    ofJob: 'Not every file has been checked yet.',
    icon: CircleHelp,
    tone: 'quiet',
  },
} as const satisfies Record<Verdict, VerdictDisplay>;

/** What a remark on the text of a file means, and what to do about it. */
export const SAMPLE_REMARK_COPY = {
  'repeats-itself': {
    word: 'Repeats itself',
    meaning: 'It loads and writes, but the same few characters over and over.',
  },
  'no-words': {
    word: 'Writes no words',
    meaning: 'It loads and writes, but neither a letter nor a digit.',
  },
} as const satisfies Record<SampleRemark, { word: string; meaning: string }>;

/** What to do about either. */
export const SAMPLE_REMARK_HELP =
  'Compare it with a larger file of the same model (Q8_0 or F16). When that one writes well, these weights were made too small: take the larger one. When it writes the same, look at the model itself: its check shows whether config.json fits the weights, and a model that was never trained writes like this too.';

/** Where a file is, in words. */
export const PLACE_WORDS = {
  host: 'On the host',
  home: 'Home',
  both: 'Home and on the host',
  gone: 'Gone',
} as const satisfies Record<ArtifactPlace, string>;
