'use client';
import PlugZap from 'lucide-react/icons/plug-zap';
import Trash2 from 'lucide-react/icons/trash-2';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { InstanceView } from '../../lib/domain/instance';
import { checkInstanceAction, removeInstanceAction } from '../_actions/instance-actions';
import { ConfirmDialog } from '../_forms/confirm-dialog';
import { useFormAction } from '../_forms/use-form-action';
import { Button, ButtonLink } from '../_ui/button';
import { SubmitButton } from '../_ui/submit-button';

/** Test the connection, start a job there, remove it from the list. */
export function InstanceActions({
  instance,
  isChecking,
}: {
  readonly instance: InstanceView;
  readonly isChecking: boolean;
}) {
  const router = useRouter();
  const [asks, setAsks] = useState(false);
  const check = useFormAction(checkInstanceAction, () => router.refresh());
  return (
    <div className="flex flex-wrap items-center gap-2">
      {instance.kind === 'ssh' ? (
        <Button
          look="ghost"
          onClick={() => setAsks(true)}
          aria-label="Remove instance"
          title="Remove instance"
          className="px-2.5"
        >
          <Trash2 size={15} aria-hidden />
        </Button>
      ) : null}
      <ButtonLink href={`/jobs/new?instance=${encodeURIComponent(instance.id)}`}>New job here</ButtonLink>
      <SubmitButton
        type="button"
        isPending={check.isPending || isChecking}
        pendingText="Testing…"
        onClick={() => check.run({ instanceId: instance.id })}
      >
        <PlugZap size={15} aria-hidden />
        Test connection
      </SubmitButton>
      {check.failure ? (
        <p role="alert" className="w-full text-bad text-xs">
          {check.failure.message}
        </p>
      ) : null}
      <ConfirmDialog
        open={asks}
        onClose={() => setAsks(false)}
        onDone={() => router.push('/instances')}
        title={`Remove ${instance.name}?`}
        action={removeInstanceAction}
        fields={{ instanceId: instance.id }}
        confirm="Remove instance"
        keep="Keep it"
      >
        Quantdeck forgets how to reach it. The machine itself and what lies on it are left alone, and a rental goes on
        costing money.
      </ConfirmDialog>
    </div>
  );
}
