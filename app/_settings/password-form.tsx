'use client';
import { changePasswordAction } from '../_actions/access-actions';
import { unplacedFailure } from '../_actions/unplaced-failure';
import { FailureNotice } from '../_copy/failure-notice';
import { useFormAction } from '../_forms/use-form-action';
import { describedBy, Field, TextInput } from '../_ui/field';
import { SubmitButton } from '../_ui/submit-button';

const FIELDS = [
  { name: 'currentPassword', label: 'Current password', autoComplete: 'current-password' },
  { name: 'newPassword', label: 'New password', autoComplete: 'new-password' },
  { name: 'repeated', label: 'New password once more', autoComplete: 'new-password' },
] as const;

/** Changes the password; every other session ends with it. */
export function PasswordForm() {
  const form = useFormAction(changePasswordAction);
  const { errors } = form;
  const failure = unplacedFailure(
    form.result,
    FIELDS.map((field) => field.name),
  );
  return (
    <form onSubmit={form.onSubmit} className="space-y-4" noValidate>
      <input type="text" name="userName" value="admin" autoComplete="username" readOnly hidden />
      {FIELDS.map((field) => (
        <Field key={field.name} id={field.name} label={field.label} error={errors[field.name]}>
          <TextInput
            id={field.name}
            name={field.name}
            type="password"
            autoComplete={field.autoComplete}
            {...describedBy(field.name, false, errors[field.name])}
          />
        </Field>
      ))}
      {failure ? <FailureNotice failure={failure} /> : null}
      <div className="flex flex-wrap items-center gap-3">
        <SubmitButton look="secondary" isPending={form.isPending}>
          Change password
        </SubmitButton>
        <span role="status" className="text-ok text-xs">
          {form.result?.ok && !form.isPending ? 'Changed. All other sessions have ended.' : ''}
        </span>
      </div>
    </form>
  );
}
