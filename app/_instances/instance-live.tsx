'use client';
import type { InstanceView } from '../../lib/domain/instance';
import { FailureNotice } from '../_copy/failure-notice';
import type { UnsavedFile } from '../_forms/unsaved-files-field';
import { useInstance } from '../_live/use-instance';
import { Card } from '../_ui/card';
import { RelativeTime } from '../_ui/relative-time';
import { ConnectionCard } from './connection-card';
import { HostFactsTable } from './host-facts-table';
import { HostKeyCard } from './host-key-card';
import { InstanceActions } from './instance-actions';
import { InstanceHeader } from './instance-header';
import { InstanceStateBadge } from './instance-state-badge';
import { addressOf } from './instance-table';
import { MovedCard } from './moved-card';
import { PublicKeyCard } from './public-key-card';

/** One machine, live: while its check runs the page fills by itself. */
export function InstanceLive({
  initial,
  unsaved,
}: {
  readonly initial: InstanceView;
  readonly unsaved: readonly UnsavedFile[];
}) {
  const { instance, isChecking } = useInstance(initial);
  const isRemote = instance.kind === 'ssh';
  return (
    <div className="space-y-6">
      <InstanceHeader
        name={instance.name}
        badge={<InstanceStateBadge instance={instance} />}
        actions={<InstanceActions instance={instance} isChecking={isChecking} unsaved={unsaved} />}
      >
        <span className="break-all font-mono">{addressOf(instance)}</span>
      </InstanceHeader>
      <p role="status" className="sr-only">
        {isChecking ? 'Checking the connection.' : instance.checkState === 'ok' ? 'The connection works.' : ''}
      </p>
      {instance.failure && !isChecking && !instance.connection ? <FailureNotice failure={instance.failure} /> : null}
      <ConnectionCard instance={instance} isChecking={isChecking} />
      <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)]">
        <Card
          title="What it has"
          aside={
            <span className="text-ink-muted text-xs">
              {isChecking ? (
                'checking…'
              ) : instance.checkedAt ? (
                <RelativeTime at={instance.checkedAt} />
              ) : (
                'not checked yet'
              )}
            </span>
          }
        >
          <HostFactsTable facts={instance.facts} isChecking={isChecking} />
        </Card>
        <div className="grid min-w-0 gap-6">
          {isRemote ? <MovedCard instance={instance} /> : null}
          {isRemote ? <HostKeyCard instance={instance} /> : null}
          {isRemote && instance.auth === 'key' ? <PublicKeyCard publicKey={instance.publicKey} /> : null}
          {isRemote ? null : (
            <Card title="How it is reached">
              <p className="text-ink-muted">
                Through an SSH server of Quantdeck’s own that listens on this machine only and ends with it. So what
                runs here takes the same way as on any rented host.
              </p>
            </Card>
          )}
        </div>
      </div>
    </div>
  );
}
