'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { InstanceView } from '../../lib/domain/instance';
import { forgetHostKeyAction } from '../_actions/instance-actions';
import { ConfirmDialog } from '../_forms/confirm-dialog';
import { Button } from '../_ui/button';
import { Card } from '../_ui/card';
import { CodeBlock } from '../_ui/code-block';

/** The pinned host key, and the way to forget it when the machine was set up anew. */
export function HostKeyCard({ instance }: { readonly instance: InstanceView }) {
  const router = useRouter();
  const [asks, setAsks] = useState(false);
  return (
    <Card title="Host key">
      {instance.hostKeyFingerprint ? (
        <>
          <CodeBlock text={instance.hostKeyFingerprint} what="fingerprint" />
          <p className="mt-2 text-ink-muted">
            Pinned at the first contact. If the host ever shows another key, Quantdeck does not log in.
          </p>
          <Button size="small" className="mt-3" onClick={() => setAsks(true)}>
            Forget pinned key
          </Button>
        </>
      ) : (
        <p className="text-ink-muted">It is pinned at the first contact.</p>
      )}
      <ConfirmDialog
        open={asks}
        onClose={() => setAsks(false)}
        onDone={() => router.refresh()}
        title="Forget the pinned key?"
        action={forgetHostKeyAction}
        fields={{ instanceId: instance.id }}
        confirm="Forget key"
        keep="Keep it"
      >
        Do this only if you know why the key changed: the instance was set up anew, or its provider gave it a new one.
        Otherwise somebody may be between you and the host.
      </ConfirmDialog>
    </Card>
  );
}
