'use client';
import PlugZap from 'lucide-react/icons/plug-zap';
import { useRouter } from 'next/navigation';
import type { InstanceView } from '../../lib/domain/instance';
import { checkInstanceAction } from '../_actions/instance-actions';
import type { UnsavedFile } from '../_forms/unsaved-files-field';
import { useFormAction } from '../_forms/use-form-action';
import { ButtonLink } from '../_ui/button';
import { SubmitButton } from '../_ui/submit-button';
import { RemoveButton } from './remove-button';

/** Test the connection, start a job there, remove it from the list. */
export function InstanceActions({
  instance,
  isChecking,
  unsaved = [],
}: {
  readonly instance: InstanceView;
  readonly isChecking: boolean;
  /** Files that would be out of reach without it. */
  readonly unsaved?: readonly UnsavedFile[];
}) {
  const router = useRouter();
  const check = useFormAction(checkInstanceAction, () => router.refresh());
  return (
    <div className="flex flex-wrap items-center gap-2">
      {instance.kind === 'ssh' ? (
        <RemoveButton instanceId={instance.id} name={instance.name} unsaved={unsaved} />
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
    </div>
  );
}
