'use client';
import Link from 'next/link';
import type { InstanceView } from '../../lib/domain/instance';
import { useInstances } from '../_live/use-instances';
import { Cell, DataTable, HeadCell } from '../_ui/data-table';
import { RelativeTime } from '../_ui/relative-time';
import { factLine } from './fact-line';
import { InstanceStateBadge } from './instance-state-badge';

/** All machines as rows, live in place. */
export function InstanceTable({ initial }: { readonly initial: readonly InstanceView[] }) {
  const instances = useInstances(initial);
  return (
    <DataTable
      label="Instances"
      head={
        <>
          <HeadCell>Name</HeadCell>
          <HeadCell>State</HeadCell>
          <HeadCell className="max-sm:hidden">What it has</HeadCell>
          <HeadCell className="max-sm:hidden">Checked</HeadCell>
          <HeadCell className="text-right max-sm:hidden">Jobs</HeadCell>
        </>
      }
    >
      {instances.map((instance) => (
        <tr key={instance.id} className="relative hover:bg-quiet-soft/40">
          <Cell className="max-w-80 max-sm:w-full max-sm:max-w-0">
            <Link
              href={`/instances/${instance.id}`}
              className="block truncate font-medium after:absolute after:inset-0"
            >
              {instance.name}
            </Link>
            <span className="block truncate font-mono text-ink-muted text-xs">{addressOf(instance)}</span>
            <span className="block text-ink-muted text-xs sm:hidden">{factLine(instance.facts)}</span>
          </Cell>
          <Cell>
            <InstanceStateBadge instance={instance} />
          </Cell>
          <Cell className="min-w-56 text-ink-muted max-sm:hidden">{factLine(instance.facts)}</Cell>
          <Cell className="text-ink-muted max-sm:hidden">
            {instance.checkedAt ? <RelativeTime at={instance.checkedAt} /> : 'never'}
          </Cell>
          <Cell className="figures text-right max-sm:hidden">{instance.jobCount}</Cell>
        </tr>
      ))}
    </DataTable>
  );
}

/** `root@136.59.129.136:34538`; this machine needs no address, and that of a rented one changes. */
export function addressOf(instance: InstanceView): string {
  if (instance.kind === 'rented') return 'rented on vast.ai';
  return instance.kind === 'this-machine'
    ? 'the machine this dashboard runs on'
    : `${instance.user}@${instance.host}:${instance.port}`;
}
