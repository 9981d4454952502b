'use client';
import { useRouter } from 'next/navigation';
import type { SettingsView } from '../../lib/store/settings-views';
import { saveSettingsAction } from '../_actions/settings-actions';
import { unplacedFailure } from '../_actions/unplaced-failure';
import { FailureNotice } from '../_copy/failure-notice';
import { useFormAction } from '../_forms/use-form-action';
import { Checkbox, describedBy, Field, TextInput } from '../_ui/field';
import { SubmitButton } from '../_ui/submit-button';

const ADDRESSES = [
  {
    name: 'hfEndpoint',
    label: 'Hub',
    placeholder: 'https://huggingface.co',
    hint: 'Where models come from: a mirror, or a hub of your own.',
  },
  {
    name: 'pipIndexUrl',
    label: 'Python package index',
    placeholder: 'the host’s own setting',
    hint: 'For the Python part of llama.cpp’s converter.',
  },
  {
    name: 'pipConstraints',
    label: 'pip constraints',
    placeholder: 'none',
    hint: 'A constraints file that pip keeps to: a path on the host, or an address.',
  },
  {
    name: 'releaseBase',
    label: 'llama.cpp releases',
    placeholder: 'the built-in place',
    hint: 'Where release archives are downloaded from.',
  },
  {
    name: 'sourceBase',
    label: 'llama.cpp sources',
    placeholder: 'the built-in place',
    hint: 'Where the source archive of the same release is: its converter is used.',
  },
  {
    name: 'npmRegistry',
    label: 'npm registry',
    placeholder: 'the built-in place',
    hint: 'llama.cpp’s source comes from here when there is no release to be had.',
  },
] as const;

/** The hub's token (write-only) and the addresses that downloads come from. */
export function SourcesForm({ settings }: { readonly settings: SettingsView }) {
  const router = useRouter();
  const form = useFormAction(saveSettingsAction, () => router.refresh());
  const { errors } = form;
  const failure = unplacedFailure(form.result, ['hfToken', ...ADDRESSES.map((field) => field.name)]);
  return (
    <form onSubmit={form.onSubmit} className="space-y-4" noValidate>
      <Field
        id="hfToken"
        label="Hugging Face token"
        hint={
          settings.hfTokenSet
            ? 'One is stored, encrypted. Type another to replace it.'
            : 'For private and gated models. Stored encrypted, never shown again.'
        }
        error={errors['hfToken']}
      >
        <TextInput
          id="hfToken"
          name="hfToken"
          type="password"
          autoComplete="off"
          placeholder={settings.hfTokenSet ? '••••••••••••' : 'hf_…'}
          {...describedBy('hfToken', true, errors['hfToken'])}
        />
      </Field>
      {settings.hfTokenSet ? <Checkbox name="forgetHfToken" value="yes" label="Forget the stored token" /> : null}
      {ADDRESSES.map((field) => (
        <Field key={field.name} id={field.name} label={field.label} hint={field.hint} error={errors[field.name]}>
          <TextInput
            id={field.name}
            name={field.name}
            inputMode="url"
            defaultValue={settings[field.name] ?? ''}
            placeholder={field.placeholder}
            autoComplete="off"
            spellCheck={false}
            {...describedBy(field.name, true, errors[field.name])}
          />
        </Field>
      ))}
      {failure ? <FailureNotice failure={failure} /> : null}
      <div className="flex items-center gap-3">
        <SubmitButton isPending={form.isPending}>Save</SubmitButton>
        <span role="status" className="text-ok text-xs">
          {form.result?.ok && !form.isPending ? 'Saved. It holds from the next step on.' : ''}
        </span>
      </div>
    </form>
  );
}
