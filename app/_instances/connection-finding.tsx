'use client';
import CircleAlert from 'lucide-react/icons/circle-alert';
import CircleCheck from 'lucide-react/icons/circle-check';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { ConnectionFinding, ConnectionFix, ConnectionReport } from '../../lib/domain/connection-report';
import type { InstanceView } from '../../lib/domain/instance';
import { fixConnectionAction } from '../_actions/instance-actions';
import { unplacedFailure } from '../_actions/unplaced-failure';
import { causeTitle, FIX_WORDS } from '../_copy/connection-copy';
import { Evidence, FailureNotice } from '../_copy/failure-notice';
import { ConfirmDialog } from '../_forms/confirm-dialog';
import { useFormAction } from '../_forms/use-form-action';
import { Button } from '../_ui/button';
import { CodeBlock } from '../_ui/code-block';
import { describedBy, Field, TextInput } from '../_ui/field';
import { Notice } from '../_ui/notice';
import { SubmitButton } from '../_ui/submit-button';

interface FindingProps {
  readonly instance: InstanceView;
  readonly finding: ConnectionFinding;
}

/** Why a connection does not work: what happened, why, what to do, the lines that show it, and the buttons that help. */
export function ConnectionFindingNotice({ instance, finding }: FindingProps) {
  const tone = finding.isBlocking ? 'bad' : 'warn';
  return (
    <Notice
      tone={tone}
      role={finding.isBlocking ? 'alert' : 'status'}
      icon={<CircleAlert size={18} aria-hidden className={finding.isBlocking ? 'text-bad' : 'text-warn'} />}
      title={causeTitle(finding.cause)}
    >
      <p className="wrap-anywhere text-ink">{finding.what}</p>
      <p className="wrap-anywhere mt-1.5">{finding.why}</p>
      <p className="wrap-anywhere mt-1.5 text-ink">{finding.remedy}</p>
      <Evidence lines={finding.evidence} />
      {finding.fixes.length > 0 ? (
        <div className="mt-4 space-y-3">
          {finding.fixes.map((fix) => (
            <FixControl key={fix} fix={fix} instance={instance} />
          ))}
        </div>
      ) : null}
    </Notice>
  );
}

function FixControl({ fix, instance }: { readonly fix: ConnectionFix; readonly instance: InstanceView }) {
  if (fix === 'trust-host-key') return <TrustKey instance={instance} />;
  if (fix === 'use-command') return <UseCommand instance={instance} />;
  return <FixButton fix={fix} instance={instance} />;
}

function FixButton({ fix, instance }: { readonly fix: ConnectionFix; readonly instance: InstanceView }) {
  const router = useRouter();
  const form = useFormAction(fixConnectionAction, () => router.refresh());
  return (
    <div>
      <SubmitButton
        type="button"
        isPending={form.isPending}
        pendingText={FIX_WORDS[fix].pending}
        onClick={() => form.run({ instanceId: instance.id, fix })}
      >
        {FIX_WORDS[fix].button}
      </SubmitButton>
      {form.failure ? (
        <div className="mt-3">
          <FailureNotice failure={form.failure} />
        </div>
      ) : null}
    </div>
  );
}

/** The one fix that could let a stranger in: both keys are shown before it. */
function TrustKey({ instance }: { readonly instance: InstanceView }) {
  const router = useRouter();
  const [asks, setAsks] = useState(false);
  const shown = instance.connection?.shownFingerprint ?? '';
  return (
    <>
      <Button onClick={() => setAsks(true)}>{FIX_WORDS['trust-host-key'].button}</Button>
      <ConfirmDialog
        open={asks}
        onClose={() => setAsks(false)}
        onDone={() => router.refresh()}
        title="Trust the new host key?"
        action={fixConnectionAction}
        fields={{ instanceId: instance.id, fix: 'trust-host-key' }}
        confirm="Trust this key"
        keep="Keep the old one"
      >
        <p>
          Do this only if you know why the key changed: the machine was set up anew, or its address was given to another
          one of yours. Otherwise somebody may be between you and the host.
        </p>
        <p className="mt-3 text-ink">Known until now</p>
        <CodeBlock text={instance.hostKeyFingerprint ?? 'none'} what="old fingerprint" />
        <p className="mt-3 text-ink">Shown now</p>
        <CodeBlock text={shown} what="new fingerprint" />
      </ConfirmDialog>
    </>
  );
}

function UseCommand({ instance }: { readonly instance: InstanceView }) {
  const router = useRouter();
  const form = useFormAction(fixConnectionAction, () => router.refresh());
  const error = form.errors['command'];
  const failure = unplacedFailure(form.result, ['command']);
  return (
    <form onSubmit={form.onSubmit} noValidate className="space-y-3">
      <input type="hidden" name="instanceId" value={instance.id} />
      <input type="hidden" name="fix" value="use-command" />
      <Field id="fix-command" label="The ssh command of your provider’s page" error={error}>
        <TextInput
          id="fix-command"
          name="command"
          placeholder="ssh -p 34538 root@203.0.113.7"
          autoComplete="off"
          spellCheck={false}
          {...describedBy('fix-command', false, error)}
        />
      </Field>
      <SubmitButton look="secondary" isPending={form.isPending} pendingText={FIX_WORDS['use-command'].pending}>
        {FIX_WORDS['use-command'].button}
      </SubmitButton>
      {failure ? <FailureNotice failure={failure} /> : null}
    </form>
  );
}

/** What a button did before this test. */
export function TriedFix({ tried }: { readonly tried: ConnectionReport['tried'] }) {
  if (!tried) return null;
  if (tried.failure) return <FailureNotice failure={tried.failure} />;
  return (
    <Notice tone="ok" icon={<CircleCheck size={18} aria-hidden className="text-ok" />}>
      {FIX_WORDS[tried.fix].done}, then the connection was tested again.
    </Notice>
  );
}
