'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { formatDuration } from '../../lib/domain/duration';
import { formatUsd } from '../../lib/domain/money';
import { imageOf } from '../../lib/domain/rental-image';
import { rentForCheckAction } from '../_actions/rent-action';
import { unplacedFailure } from '../_actions/unplaced-failure';
import { FailureNotice } from '../_copy/failure-notice';
import { formatUsdPerHour } from '../_copy/rate-words';
import { imageWords } from '../_copy/rental-image-copy';
import { useFormAction } from '../_forms/use-form-action';
import { Button } from '../_ui/button';
import { Dialog } from '../_ui/dialog';
import { Checkbox } from '../_ui/field';
import { FactList } from '../_ui/stat';
import { SubmitButton } from '../_ui/submit-button';
import { LimitNotices } from './limit-notices';
import { RentFields } from './rent-fields';
import { hoursText, type RentPlan, usdText } from './rent-plan';

const SHOWN_FIELDS = ['mostUsd', 'mostUsdPerHour', 'mostHours', 'mostTries', 'afterwards'];

interface RentDialogProps {
  readonly plan: RentPlan;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** What renting a machine for a model comes to, and the limits; agreeing starts the job and opens its page. */
export function RentDialog({ plan, open, onClose }: RentDialogProps) {
  return (
    <Dialog open={open} onClose={onClose} title="Rent a machine and convert" isWide>
      <RentForm plan={plan} onClose={onClose} />
    </Dialog>
  );
}

function RentForm({ plan, onClose }: Omit<RentDialogProps, 'open'>) {
  const router = useRouter();
  const form = useFormAction(rentForCheckAction, ({ jobId }) => router.push(`/jobs/${jobId}`));
  const { errors } = form;
  const [limits, setLimits] = useState({ usd: usdText(plan.terms.mostNanoUsd), hours: hoursText(plan.terms.mostMs) });
  const failure = unplacedFailure(form.result, SHOWN_FIELDS);
  return (
    <form
      onSubmit={form.onSubmit}
      onInput={({ currentTarget }) => setLimits(limitsOf(currentTarget))}
      noValidate
      className="space-y-5"
    >
      <input type="hidden" name="checkId" value={plan.checkId} />
      <input type="hidden" name="offerId" value={plan.offerId} />
      {plan.outputs.map((type) => (
        <input key={type} type="hidden" name="outputs" value={type} />
      ))}
      <Total plan={plan} />
      <RentFields terms={plan.terms} errors={errors} />
      <LimitNotices plan={plan} {...limits} />
      {plan.needsRepair ? (
        <Checkbox
          name="approvesRepair"
          value="1"
          label="Repair the model as its check proposes"
          hint="Without the repair it cannot be converted. The original files are kept as they are."
        />
      ) : null}
      <div>
        <h3 className="mb-1 font-medium">What happens</h3>
        <ol className="list-inside list-decimal space-y-0.5 text-ink-muted text-xs">
          <li>This machine is rented; if it does not come up, it is given back and the next best one is taken.</li>
          <li>
            llama.cpp is made ready on it at its pinned version, the model is fetched, converted and proven to work.
          </li>
          <li>Every file is copied home and hashed on both ends.</li>
          <li>The machine is dealt with as chosen above. It is never given back while a file is only there.</li>
        </ol>
      </div>
      {failure ? <FailureNotice failure={failure} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Not now</Button>
        <SubmitButton isPending={form.isPending} pendingText="Starting…">
          Rent and convert
        </SubmitButton>
      </div>
    </form>
  );
}

/** As they stand in the fields now. */
function limitsOf(form: HTMLFormElement): { usd: string; hours: string } {
  const fields = new FormData(form);
  return { usd: String(fields.get('mostUsd') ?? ''), hours: String(fields.get('mostHours') ?? '') };
}

function Total({ plan }: { readonly plan: RentPlan }) {
  const { totalNanoUsd, lowNanoUsd, highNanoUsd, totalMs, diskGb, nanoUsdPerHour } = plan.estimate;
  return (
    <div className="rounded-lg border bg-sunken px-4 py-3">
      <p className="figures">
        <span className="font-semibold text-2xl">{formatUsd(totalNanoUsd)}</span>
        <span className="text-ink-muted"> in about {formatDuration(totalMs)}</span>
      </p>
      <p className="figures mt-0.5 text-ink-muted text-xs">
        expected between {formatUsd(lowNanoUsd)} and {formatUsd(highNanoUsd)}
      </p>
      <div className="mt-3 border-t pt-3 text-xs">
        <FactList
          facts={[
            [
              'Model',
              <span key="model" className="break-all font-mono">
                {plan.model}
              </span>,
            ],
            [
              'Files',
              <span key="files" className="font-mono">
                {plan.outputs.join(' · ')}
              </span>,
            ],
            ['Machine', plan.machine],
            [
              'Price',
              <span key="price" className="figures">
                {formatUsdPerHour(nanoUsdPerHour)} with its disk
              </span>,
            ],
            [
              'Left this month',
              plan.monthLeftNanoUsd === null ? (
                'you have set no limit'
              ) : (
                <span key="month" className="figures">
                  {formatUsd(plan.monthLeftNanoUsd)} of your limit
                </span>
              ),
            ],
            ['Image', `${imageWords(imageOf(plan.estimate))}: ready first on this machine`],
            ['Disk', `${diskGb} GB: it cannot be made larger afterwards, so there is a margin`],
          ]}
        />
      </div>
    </div>
  );
}
