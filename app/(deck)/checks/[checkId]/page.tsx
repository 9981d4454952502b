import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { listDevices } from '../../../../lib/store/device-views';
import { findModelCheck } from '../../../../lib/store/model-check-views';
import { requireSession } from '../../../_auth/require-session';
import { CheckHeader } from '../../../_check/check-header';
import { CheckPending } from '../../../_check/check-live';
import { CheckReport } from '../../../_check/check-report';
import { FailureNotice } from '../../../_copy/failure-notice';

export const metadata: Metadata = { title: 'Model check' };

/** One model check: what is wrong with a checkpoint, what repairs it, and what would come of it. */
export default async function CheckPage({ params }: { readonly params: Promise<{ readonly checkId: string }> }) {
  await requireSession();
  const [check, devices] = await Promise.all([findModelCheck((await params).checkId), listDevices()]);
  if (!check) notFound();
  return (
    <div className="space-y-6">
      <CheckHeader check={check} />
      {check.finishedAt === null ? <CheckPending since={check.createdAt} /> : null}
      {check.failure ? <FailureNotice failure={check.failure} /> : null}
      {check.report ? <CheckReport check={check} report={check.report} devices={devices} /> : null}
    </div>
  );
}
