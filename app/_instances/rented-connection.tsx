'use client';
import type { InstanceView } from '../../lib/domain/instance';
import { useInstance } from '../_live/use-instance';
import { ConnectionCard } from './connection-card';
import { InstanceActions } from './instance-actions';
import { InstanceStateBadge } from './instance-state-badge';

/** The way to a rented machine, live: test it, see where it ends, start a job there. */
export function RentedConnection({ initial }: { readonly initial: InstanceView }) {
  const { instance, isChecking } = useInstance(initial);
  return (
    <div className="grid min-w-0 gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <span className="flex items-center gap-3">
          <h2 className="font-semibold text-sm">Its connection</h2>
          <InstanceStateBadge instance={instance} />
        </span>
        <InstanceActions instance={instance} isChecking={isChecking} />
      </div>
      <ConnectionCard instance={instance} isChecking={isChecking} />
    </div>
  );
}
