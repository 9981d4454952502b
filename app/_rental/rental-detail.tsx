import CircleCheck from 'lucide-react/icons/circle-check';
import type { ReactNode } from 'react';
import type { RentalEventView, RentalView } from '../../lib/domain/rental';
import { selfStopProblem } from '../../lib/domain/self-stop';
import { FailureNotice } from '../_copy/failure-notice';
import type { UnsavedFile } from '../_forms/unsaved-files-field';
import { InstanceHeader } from '../_instances/instance-header';
import { FollowRentals } from '../_live/follow-rentals';
import { Badge } from '../_ui/badge';
import { Card } from '../_ui/card';
import { Notice } from '../_ui/notice';
import { RelativeTime } from '../_ui/relative-time';
import { FactList } from '../_ui/stat';
import { diskWords, isDiskNearlyFull } from './disk-words';
import { IdleNotice } from './idle-notice';
import { RentalButtons } from './rental-buttons';
import { RentalMoneyCard } from './rental-money';
import { machineWords } from './rental-row';
import { RentalStateBadge } from './rental-state-badge';
import { RentalStory } from './rental-story';
import { RentalTermsCard } from './rental-terms-card';
import { RentalTries } from './rental-tries';
import { StateLine } from './state-line';
import { Utilization } from './utilization';

interface RentalDetailProps {
  readonly rental: RentalView;
  readonly events: readonly RentalEventView[];
  readonly unsaved: readonly UnsavedFile[];
  readonly openJobId: string | null;
  /** The way to the machine, while there is one. */
  readonly connection: ReactNode;
  readonly nowMs: number;
}

/** The renting of one machine: how it stands, what it costs, which machines were tried, and its story. */
export function RentalDetail({ rental, events, unsaved, openJobId, connection, nowMs }: RentalDetailProps) {
  const { seen, endedAt } = rental;
  const last = rental.tries.at(-1);
  const current = last?.estimate ?? null;
  const problem = selfStopProblem(last?.selfStop ?? null);
  return (
    <div className="space-y-6">
      <FollowRentals />
      <InstanceHeader
        name={rental.instanceName}
        badge={<RentalStateBadge rental={rental} />}
        actions={
          <RentalButtons
            rentalId={rental.id}
            name={rental.instanceName}
            state={rental.state}
            goal={rental.goal}
            mostNanoUsd={rental.terms.mostNanoUsd}
            mostMs={rental.terms.mostMs}
            spentNanoUsd={rental.money.spentNanoUsd}
            nowNanoUsdPerHour={rental.money.nowNanoUsdPerHour}
            runningNanoUsdPerHour={seen?.runningNanoUsdPerHour ?? current?.nanoUsdPerHour ?? null}
            storageNanoUsdPerHour={seen?.storageNanoUsdPerHour ?? null}
            unsaved={unsaved}
            openJobId={openJobId}
          />
        }
      >
        {endedAt === null ? machineWords(rental) : 'Nothing of it is left.'}
      </InstanceHeader>
      <IdleNotice rental={rental} nowMs={nowMs} />
      {endedAt === null && isDiskNearlyFull(seen) ? (
        <Notice tone="warn" title="Its disk is nearly full">
          {diskWords(seen)}. A disk on vast.ai cannot be made larger: when it is full, the job stops where it is. Save
          the files that are finished, or delete what no job needs.
        </Notice>
      ) : null}
      {endedAt === null && problem !== null ? (
        <Notice tone="warn" title="It would not stop by itself">
          {problem}
        </Notice>
      ) : null}
      {rental.alarm === null ? null : <FailureNotice failure={rental.alarm} />}
      {rental.requestFailure === null ? null : (
        <Notice tone="warn" title="The last request to vast.ai for this machine failed">
          {rental.requestFailure.message}
        </Notice>
      )}
      {rental.failure === null ? null : <FailureNotice failure={rental.failure} />}
      {endedAt === null ? null : (
        <Notice
          tone="ok"
          icon={<CircleCheck size={18} aria-hidden className="text-ok" />}
          title="Billing has ended, proven"
        >
          At <time dateTime={endedAt}>{clockWords(endedAt)}</time> (<RelativeTime at={endedAt} />) the whole account was
          read, and no machine of this rental was in it.
        </Notice>
      )}
      <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-6">
          <Card title="How it stands">
            <StateLine rental={rental} />
            {endedAt === null ? <SeenFacts rental={rental} /> : null}
          </Card>
          {connection}
          <RentalStory events={events} />
          <RentalTermsCard rental={rental} />
        </div>
        <div className="grid min-w-0 gap-6">
          <RentalMoneyCard rental={rental} />
          <RentalTries tries={rental.tries} mostTries={rental.terms.mostTries} />
        </div>
      </div>
    </div>
  );
}

/** What the service last said of it; nothing before it said something. */
function SeenFacts({ rental }: { readonly rental: RentalView }) {
  const { seen, seenAt } = rental;
  if (seen === null || seenAt === null) return null;
  const [endpoint] = seen.endpoints;
  return (
    <div className="mt-4 border-t pt-4">
      <FactList
        facts={[
          ['Seen', <RelativeTime key="at" at={seenAt} />],
          ['Busy', <Utilization key="busy" rental={rental} />],
          [
            'Address',
            endpoint ? (
              <span key="address" className="inline-flex flex-wrap items-center gap-2">
                <span className="break-all font-mono text-xs">{`${endpoint.user}@${endpoint.host}:${endpoint.port}`}</span>
                {endpoint.kind === 'proxy' ? <Badge tone="warn">By proxy: slow</Badge> : null}
              </span>
            ) : null,
          ],
          ['Disk', diskWords(seen)],
        ]}
      />
      {endpoint?.kind === 'proxy' ? (
        <p className="mt-3 text-ink-muted text-xs">
          This machine lets nobody in directly: everything goes through a server of vast.ai. That does for commands and
          small files; bringing home many gigabytes takes long, and the machine is billed meanwhile.
        </p>
      ) : null}
      <p className="mt-3 text-ink-muted text-xs">
        An idle GPU is as it should be: converting and quantizing use processor, disk and line.
      </p>
    </div>
  );
}

/** `14:05 UTC`: the server knows no other clock of the reader's. */
function clockWords(iso: string): string {
  return `${iso.slice(11, 16)} UTC`;
}
