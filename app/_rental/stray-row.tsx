'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { StrayInstanceView } from '../../lib/domain/rental';
import { chooseStrayAction } from '../_actions/rental-actions';
import { FailureNotice } from '../_copy/failure-notice';
import { rateWords } from '../_copy/rate-words';
import { STRAY_CHOICE_WORDS } from '../_copy/rental-state-copy';
import { ConfirmDialog } from '../_forms/confirm-dialog';
import { Badge } from '../_ui/badge';
import { Button } from '../_ui/button';
import { RelativeTime } from '../_ui/relative-time';

const OWN_WORDS = 'It carries our label, and no job knows it. ';
const OTHER_WORDS = 'It carries the label of another Quantdeck, or of this one before its database was lost. ';

interface StrayRowProps {
  readonly stray: Pick<StrayInstanceView, 'serviceId' | 'label' | 'firstSeenAt' | 'choice' | 'failure' | 'isOwn'>;
  /** What the service says that it does. */
  readonly phaseWord: string;
  readonly nowNanoUsdPerHour: number | null;
  /** What it would cost to leave it as it is. */
  readonly machine: string;
}

/** An instance with our label that no job knows: it is destroyed only by choice. */
export function StrayRow({ stray, phaseWord, nowNanoUsdPerHour, machine }: StrayRowProps) {
  const router = useRouter();
  const [asks, setAsks] = useState<'destroy' | 'ignore' | null>(null);
  const { serviceId, choice, failure, isOwn } = stray;
  const close = { onClose: () => setAsks(null), onDone: () => router.refresh(), action: chooseStrayAction };
  return (
    <li className="grid gap-3 px-4 py-4 sm:px-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="font-medium">Instance {serviceId}</span>
            <Badge tone={choice === 'none' ? 'bad' : 'quiet'}>{phaseWord}</Badge>
            <span className="figures text-xs">{rateWords(nowNanoUsdPerHour)}</span>
          </p>
          <p className="mt-1 text-ink-muted text-xs">
            {machine} · first seen <RelativeTime at={stray.firstSeenAt} />
          </p>
          <p className="wrap-anywhere mt-1 font-mono text-ink-muted text-xs">{stray.label}</p>
          <p className="mt-1">
            {choice === 'none' ? (isOwn ? OWN_WORDS : OTHER_WORDS) : ''}
            {STRAY_CHOICE_WORDS[choice]}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {choice === 'ignore' ? null : (
            <Button onClick={() => setAsks('ignore')} disabled={choice === 'destroy'}>
              Leave it: {rateWords(nowNanoUsdPerHour)}
            </Button>
          )}
          <Button look="danger" onClick={() => setAsks('destroy')} disabled={choice === 'destroy'}>
            {choice === 'destroy' ? 'Destroying…' : 'Destroy: ends the bill'}
          </Button>
        </div>
      </div>
      {failure === null ? null : <FailureNotice failure={failure} />}
      <ConfirmDialog
        {...close}
        open={asks === 'destroy'}
        title={`Destroy instance ${serviceId}?`}
        fields={{ serviceId, choice: 'destroy' }}
        confirm="Destroy it"
        keep="Not now"
      >
        {isOwn ? '' : 'Another Quantdeck may be using it. '}All that is on it is lost: Quantdeck does not know what that
        is. Its bill of {rateWords(nowNanoUsdPerHour)} ends, and that it is gone is proven afterwards.
      </ConfirmDialog>
      <ConfirmDialog
        {...close}
        open={asks === 'ignore'}
        title={`Leave instance ${serviceId} alone?`}
        fields={{ serviceId, choice: 'ignore' }}
        confirm="Leave it"
        keep="Go back"
      >
        Quantdeck stops warning of it. It stays on vast.ai and is billed on: {rateWords(nowNanoUsdPerHour)}.
      </ConfirmDialog>
    </li>
  );
}
