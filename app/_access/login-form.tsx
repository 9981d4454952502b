'use client';
import { logInAction } from '../_actions/access-actions';
import { FailureNotice } from '../_copy/failure-notice';
import { useFormAction } from '../_forms/use-form-action';
import { Field, TextInput } from '../_ui/field';
import { SubmitButton } from '../_ui/submit-button';

/** The password, and what went wrong with it. */
export function LoginForm({ next }: { readonly next: string }) {
  // A whole page load, not a client navigation: nothing that was rendered without a session may stay.
  const form = useFormAction(logInAction, () => window.location.assign(next));
  return (
    <form onSubmit={form.onSubmit} className="space-y-5">
      {/* For password managers, which store nothing without a name. */}
      <input type="text" name="userName" value="admin" autoComplete="username" readOnly hidden />
      <Field id="password" label="Password">
        <TextInput
          id="password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          autoFocus
          className="h-10 sm:h-10"
        />
      </Field>
      {form.failure ? <FailureNotice failure={form.failure} /> : null}
      <SubmitButton
        isPending={form.isPending || form.result?.ok === true}
        pendingText="Logging in…"
        className="h-10 w-full"
      >
        Log in
      </SubmitButton>
    </form>
  );
}
