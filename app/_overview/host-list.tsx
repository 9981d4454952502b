'use client';
import Link from 'next/link';
import type { InstanceView } from '../../lib/domain/instance';
import { factLine } from '../_instances/fact-line';
import { InstanceStateBadge } from '../_instances/instance-state-badge';
import { useInstances } from '../_live/use-instances';

/** The machines, what they have, and whether they were reached. */
export function HostList({ initial }: { readonly initial: readonly InstanceView[] }) {
  const instances = useInstances(initial);
  return (
    <ul className="divide-y">
      {instances.map((instance) => (
        <li key={instance.id} className="relative px-4 py-3 hover:bg-quiet-soft/40 sm:px-5">
          <div className="flex items-center justify-between gap-3">
            <Link href={`/instances/${instance.id}`} className="truncate font-medium after:absolute after:inset-0">
              {instance.name}
            </Link>
            <InstanceStateBadge instance={instance} />
          </div>
          <p className="mt-0.5 text-ink-muted text-xs">{factLine(instance.facts)}</p>
        </li>
      ))}
    </ul>
  );
}
