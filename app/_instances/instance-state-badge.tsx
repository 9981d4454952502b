import clsx from 'clsx';
import CircleCheck from 'lucide-react/icons/circle-check';
import CircleDashed from 'lucide-react/icons/circle-dashed';
import CircleX from 'lucide-react/icons/circle-x';
import LoaderCircle from 'lucide-react/icons/loader-circle';
import type { InstanceView } from '../../lib/domain/instance';
import { Badge, type Tone } from '../_ui/badge';

interface StateDisplay {
  readonly word: string;
  readonly tone: Tone;
  readonly icon: typeof CircleCheck;
}

const CHECK_STATES = {
  never: { word: 'Not checked', tone: 'quiet', icon: CircleDashed },
  requested: { word: 'Checking', tone: 'accent', icon: LoaderCircle },
  running: { word: 'Checking', tone: 'accent', icon: LoaderCircle },
  ok: { word: 'Reachable', tone: 'ok', icon: CircleCheck },
  failed: { word: 'Check failed', tone: 'bad', icon: CircleX },
} as const satisfies Record<InstanceView['checkState'], StateDisplay>;

/** What the last check of an instance said; "Busy" while a job runs there. */
export function InstanceStateBadge({ instance }: { readonly instance: InstanceView }) {
  if (instance.runningJobId) {
    return (
      <Badge tone="accent">
        <LoaderCircle size={13} aria-hidden className="animate-spin [animation-duration:2.4s]" />
        Busy
      </Badge>
    );
  }
  const display = CHECK_STATES[instance.checkState];
  return (
    <Badge tone={display.tone}>
      <display.icon size={13} aria-hidden className={clsx(display.icon === LoaderCircle && 'animate-spin')} />
      {display.word}
    </Badge>
  );
}
