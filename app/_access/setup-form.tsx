'use client';
import { completeSetupAction } from '../_actions/access-actions';
import { unplacedFailure } from '../_actions/unplaced-failure';
import { FailureNotice } from '../_copy/failure-notice';
import { useFormAction } from '../_forms/use-form-action';
import { describedBy, Field, TextInput } from '../_ui/field';
import { SubmitButton } from '../_ui/submit-button';

/** The first password, twice. */
export function SetupForm({ token }: { readonly token: string }) {
  const form = useFormAction(completeSetupAction, () => window.location.assign('/'));
  const { errors } = form;
  const failure = unplacedFailure(form.result, ['password', 'repeated']);
  return (
    <form onSubmit={form.onSubmit} className="space-y-5" noValidate>
      <input type="hidden" name="token" value={token} />
      <input type="text" name="userName" value="admin" autoComplete="username" readOnly hidden />
      <Field
        id="password"
        label="Password"
        hint="At least 12 characters. A few random words are easier to keep than a short riddle."
        error={errors['password']}
      >
        <TextInput
          id="password"
          name="password"
          type="password"
          autoComplete="new-password"
          className="h-10 sm:h-10"
          {...describedBy('password', true, errors['password'])}
        />
      </Field>
      <Field id="repeated" label="Once more" error={errors['repeated']}>
        <TextInput
          id="repeated"
          name="repeated"
          type="password"
          autoComplete="new-password"
          className="h-10 sm:h-10"
          {...describedBy('repeated', false, errors['repeated'])}
        />
      </Field>
      {failure ? <FailureNotice failure={failure} /> : null}
      <SubmitButton
        isPending={form.isPending || form.result?.ok === true}
        pendingText="Setting up…"
        className="h-10 w-full"
      >
        Set password and open the dashboard
      </SubmitButton>
    </form>
  );
}
