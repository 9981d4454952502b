'use client';
import RotateCw from 'lucide-react/icons/rotate-cw';
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { lookForOffersAction } from '../_actions/rental-actions';
import { FailureNotice } from '../_copy/failure-notice';
import { useFormAction } from '../_forms/use-form-action';
import { AskAgain } from '../_ui/ask-again';
import { PendingNotice } from '../_ui/pending-notice';
import { RelativeTime } from '../_ui/relative-time';
import { SubmitButton } from '../_ui/submit-button';

interface OfferLookProps {
  readonly diskGb: number;
  /** `never`: the market was not looked at for this disk yet, so it is now. */
  readonly state: 'never' | 'pending' | 'done';
  /** When the offers that are shown were looked at; null when none are. */
  readonly lookedAt: string | null;
}

/** How old the offers are, with the button for new ones. The first look begins by itself. */
export function OfferLook({ diskGb, state, lookedAt }: OfferLookProps) {
  const router = useRouter();
  const form = useFormAction(lookForOffersAction, () => router.refresh());
  const { run } = form;
  const begunFor = useRef<number | null>(null);
  useEffect(() => {
    if (state !== 'never' || begunFor.current === diskGb) return;
    begunFor.current = diskGb;
    run({ diskGb: String(diskGb) });
  }, [state, diskGb, run]);
  if (form.failure) return <FailureNotice failure={form.failure} />;
  return (
    <>
      {state === 'pending' ? <AskAgain /> : null}
      {state === 'done' ? null : (
        <PendingNotice title="Looking at the market">
          vast.ai allows a page of offers a second, so this takes a few seconds.
        </PendingNotice>
      )}
      {lookedAt === null && state !== 'done' ? null : (
        <div className="flex flex-wrap items-center justify-between gap-3 text-ink-muted text-xs">
          <span>
            {lookedAt === null ? (
              'No offers are known.'
            ) : (
              <>
                Offers as they were <RelativeTime at={lookedAt} />, with a disk of {diskGb} GB. Somebody may be faster.
              </>
            )}
          </span>
          <SubmitButton
            type="button"
            look="secondary"
            size="small"
            isPending={form.isPending || state === 'pending'}
            onClick={() => run({ diskGb: String(diskGb) })}
          >
            <RotateCw size={13} aria-hidden />
            Look again
          </SubmitButton>
        </div>
      )}
    </>
  );
}
