import type { LucideIcon } from 'lucide-react';
import Ban from 'lucide-react/icons/ban';
import CircleCheck from 'lucide-react/icons/circle-check';
import CircleDashed from 'lucide-react/icons/circle-dashed';
import CircleSlash from 'lucide-react/icons/circle-slash';
import CircleX from 'lucide-react/icons/circle-x';
import LoaderCircle from 'lucide-react/icons/loader-circle';
import type { JobStatus, StepStatus } from '../../lib/domain/status';
import type { Tone } from '../_ui/badge';

export interface StatusDisplay {
  readonly word: string;
  /** What it means, for a popover or a title. */
  readonly meaning: string;
  readonly icon: LucideIcon;
  readonly tone: Tone;
  /** The icon turns (and stands still for people who asked for less motion). */
  readonly spins: boolean;
  /** One character for a browser tab's title. */
  readonly glyph: string;
}

/** How a job's status looks and what it is called, everywhere. */
export const JOB_STATUS_DISPLAY = {
  queued: {
    word: 'Queued',
    meaning: 'Waits for its host to be free.',
    icon: CircleDashed,
    tone: 'quiet',
    spins: false,
    glyph: '…',
  },
  running: {
    word: 'Running',
    meaning: 'Its steps are at work.',
    icon: LoaderCircle,
    tone: 'accent',
    spins: true,
    glyph: '▶',
  },
  succeeded: {
    word: 'Succeeded',
    meaning: 'Every step is done.',
    icon: CircleCheck,
    tone: 'ok',
    spins: false,
    glyph: '✓',
  },
  failed: {
    word: 'Failed',
    meaning: 'A step failed; what was done before it is kept.',
    icon: CircleX,
    tone: 'bad',
    spins: false,
    glyph: '✕',
  },
  canceled: {
    word: 'Canceled',
    meaning: 'Somebody stopped it; what was done is kept.',
    icon: Ban,
    tone: 'warn',
    spins: false,
    glyph: '■',
  },
} as const satisfies Record<JobStatus, StatusDisplay>;

/** The same for steps. */
export const STEP_STATUS_DISPLAY = {
  queued: {
    ...JOB_STATUS_DISPLAY.queued,
    word: 'Not started',
    meaning: 'Its turn comes after the steps that it needs.',
  },
  running: JOB_STATUS_DISPLAY.running,
  succeeded: { ...JOB_STATUS_DISPLAY.succeeded, word: 'Done', meaning: 'Finished and checked.' },
  failed: JOB_STATUS_DISPLAY.failed,
  canceled: JOB_STATUS_DISPLAY.canceled,
  skipped: { word: 'Skipped', meaning: 'Was not needed.', icon: CircleSlash, tone: 'quiet', spins: false, glyph: '–' },
} as const satisfies Record<StepStatus, StatusDisplay>;
