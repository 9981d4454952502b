'use client';
import clsx from 'clsx';
import { useState } from 'react';
import { describedBy, Field, TextArea, TextInput } from '../_ui/field';

type Way = 'keep' | 'key' | 'import' | 'password';

interface Choice {
  readonly way: Way;
  readonly title: string;
  readonly words: string;
}

const KEEP: Choice = { way: 'keep', title: 'As until now', words: 'The stored key or password stays.' };
const WAYS: readonly Choice[] = [
  { way: 'key', title: 'Quantdeck’s key', words: 'Put the public key shown here onto the host.' },
  { way: 'import', title: 'A key of mine', words: 'Paste a private key. It is stored encrypted.' },
  { way: 'password', title: 'Password', words: 'If the host allows it. Stored encrypted.' },
];

/** How to log in. What is typed for one way is kept while another is looked at. */
export function AuthFields({
  errors,
  isNew,
}: {
  readonly errors: Readonly<Record<string, string>>;
  readonly isNew: boolean;
}) {
  const [way, setWay] = useState<Way>(isNew ? 'key' : 'keep');
  const choices = isNew ? WAYS : [KEEP, ...WAYS.slice(1)];
  return (
    <fieldset className="border-t pt-6">
      <legend className="float-left mb-3 w-full font-medium">How to log in</legend>
      <div className="clear-both grid gap-2 sm:grid-cols-3">
        {choices.map((choice) => (
          <label
            key={choice.way}
            className={clsx(
              'flex cursor-pointer gap-2.5 rounded-lg border px-3 py-2.5',
              choice.way === way ? 'border-accent bg-accent-soft/40' : 'hover:border-line-strong',
            )}
          >
            <input
              type="radio"
              name="way"
              value={choice.way}
              checked={choice.way === way}
              onChange={() => setWay(choice.way)}
              className="mt-0.5 accent-accent"
            />
            <span>
              <span className="block font-medium">{choice.title}</span>
              <span className="block text-ink-muted text-xs">{choice.words}</span>
            </span>
          </label>
        ))}
      </div>
      <div hidden={way !== 'import'} className="mt-4 grid gap-4">
        <Field
          id="privateKey"
          label="Private key"
          hint="OpenSSH or PEM, from -----BEGIN to END-----."
          error={errors['privateKey']}
        >
          <TextArea
            id="privateKey"
            name="privateKey"
            disabled={way !== 'import'}
            rows={6}
            className="font-mono text-xs sm:text-xs"
            spellCheck={false}
            autoComplete="off"
            {...describedBy('privateKey', true, errors['privateKey'])}
          />
        </Field>
        <Field id="passphrase" label="Passphrase of the key" hint="Only if it has one." error={errors['passphrase']}>
          <TextInput
            id="passphrase"
            name="passphrase"
            type="password"
            disabled={way !== 'import'}
            autoComplete="off"
            {...describedBy('passphrase', true, errors['passphrase'])}
          />
        </Field>
      </div>
      <div hidden={way !== 'password'} className="mt-4">
        <Field id="password" label="Password" error={errors['password']}>
          <TextInput
            id="password"
            name="password"
            type="password"
            disabled={way !== 'password'}
            autoComplete="off"
            {...describedBy('password', false, errors['password'])}
          />
        </Field>
      </div>
    </fieldset>
  );
}
