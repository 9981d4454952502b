'use client';
import KeyRound from 'lucide-react/icons/key-round';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { ApiTokenListItem } from '../../lib/store/session-views';
import { createApiTokenAction, revokeApiTokenAction } from '../_actions/access-actions';
import { unplacedFailure } from '../_actions/unplaced-failure';
import { FailureNotice } from '../_copy/failure-notice';
import { ConfirmDialog } from '../_forms/confirm-dialog';
import { useFormAction } from '../_forms/use-form-action';
import { Button } from '../_ui/button';
import { CodeBlock } from '../_ui/code-block';
import { describedBy, Field, Select, TextInput } from '../_ui/field';
import { Notice } from '../_ui/notice';
import { RelativeTime } from '../_ui/relative-time';
import { SubmitButton } from '../_ui/submit-button';

/** Tokens for scripts: made here, shown once, revoked here. */
export function ApiTokens({ tokens }: { readonly tokens: readonly ApiTokenListItem[] }) {
  const router = useRouter();
  const [revoking, setRevoking] = useState<ApiTokenListItem | null>(null);
  return (
    <div className="space-y-5">
      <NewToken />
      {tokens.length === 0 ? null : (
        <ul className="divide-y rounded-lg border">
          {tokens.map((token) => (
            <li key={token.id} className="flex items-center justify-between gap-3 px-3.5 py-2.5">
              <span className="min-w-0">
                <span className="block truncate font-medium">{token.name}</span>
                <span className="text-ink-muted text-xs">
                  {token.scopes.join(' and ')} ·{' '}
                  {token.lastUsedAt ? <RelativeTime at={token.lastUsedAt} /> : 'never used'}
                </span>
              </span>
              <Button size="small" look="danger" onClick={() => setRevoking(token)} aria-label={`Revoke ${token.name}`}>
                Revoke
              </Button>
            </li>
          ))}
        </ul>
      )}
      <ConfirmDialog
        open={revoking !== null}
        onClose={() => setRevoking(null)}
        onDone={() => router.refresh()}
        title={`Revoke ${revoking?.name ?? ''}?`}
        action={revokeApiTokenAction}
        fields={{ tokenId: revoking?.id ?? '' }}
        confirm="Revoke token"
        keep="Keep it"
      >
        Whatever uses it is refused from now on.
      </ConfirmDialog>
    </div>
  );
}

function NewToken() {
  const router = useRouter();
  const form = useFormAction(createApiTokenAction, () => router.refresh());
  const { errors } = form;
  const failure = unplacedFailure(form.result, ['name']);
  return (
    <>
      <form onSubmit={form.onSubmit} className="grid items-end gap-3 sm:grid-cols-[minmax(0,1fr)_9rem_auto]" noValidate>
        <Field id="tokenName" label="Name" error={errors['name']}>
          <TextInput
            id="tokenName"
            name="name"
            placeholder="nightly script"
            autoComplete="off"
            {...describedBy('tokenName', false, errors['name'])}
          />
        </Field>
        <Field id="scope" label="May">
          <Select id="scope" name="scope" defaultValue="read">
            <option value="read">read</option>
            <option value="write">read and write</option>
          </Select>
        </Field>
        <SubmitButton look="secondary" isPending={form.isPending}>
          Make token
        </SubmitButton>
      </form>
      {form.result?.ok ? (
        <Notice
          tone="ok"
          icon={<KeyRound size={18} aria-hidden className="text-ok" />}
          title="Copy it now: it is not shown again"
          role="status"
        >
          <CodeBlock text={form.result.data.token} what="token" className="mt-2" />
        </Notice>
      ) : null}
      {failure ? <FailureNotice failure={failure} /> : null}
    </>
  );
}
