'use client';
import ChevronRight from 'lucide-react/icons/chevron-right';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { InstanceView } from '../../lib/domain/instance';
import { parseSshCommand } from '../../lib/domain/ssh-command';
import { addInstanceAction, changeInstanceAction } from '../_actions/instance-actions';
import { unplacedFailure } from '../_actions/unplaced-failure';
import { FailureNotice } from '../_copy/failure-notice';
import { useFormAction } from '../_forms/use-form-action';
import { describedBy, Field, TextInput } from '../_ui/field';
import { SubmitButton } from '../_ui/submit-button';
import { AuthFields } from './auth-fields';

interface Endpoint {
  readonly name: string;
  readonly host: string;
  readonly port: string;
  readonly user: string;
}

const NEW_ENDPOINT: Endpoint = { name: '', host: '', port: '22', user: 'root' };
const SHOWN_FIELDS = ['name', 'host', 'port', 'user', 'password', 'privateKey', 'passphrase', 'toolchainPath'];

/** The form "add an SSH host", or, with an instance, "it has moved". A pasted `ssh …` line fills it. */
export function InstanceForm({
  instance,
  onSaved,
}: {
  readonly instance?: InstanceView;
  readonly onSaved?: () => void;
}) {
  const router = useRouter();
  const form = useFormAction(instance ? changeInstanceAction : addInstanceAction, ({ instanceId }) => {
    if (instance) router.refresh();
    else router.push(`/instances/${instanceId}`);
    onSaved?.();
  });
  const [endpoint, setEndpoint] = useState<Endpoint>(
    instance ? { ...instance, port: String(instance.port) } : NEW_ENDPOINT,
  );
  const { errors } = form;
  const failure = unplacedFailure(form.result, SHOWN_FIELDS);
  const change = (part: Partial<Endpoint>) => setEndpoint((current) => ({ ...current, ...part }));
  return (
    <form onSubmit={form.onSubmit} className="space-y-6" noValidate>
      {instance ? <input type="hidden" name="instanceId" value={instance.id} /> : null}
      <PasteField onEndpoint={change} />
      <div className="grid gap-4 border-t pt-6 sm:grid-cols-6">
        <EndpointFields endpoint={endpoint} errors={errors} onChange={change} />
      </div>
      <AuthFields errors={errors} isNew={!instance} />
      <details className="group rounded-lg border px-4 py-3">
        <summary className="flex items-center gap-2 font-medium">
          <ChevronRight size={15} aria-hidden className="text-ink-faint transition-transform group-open:rotate-90" />
          llama.cpp is already on it
        </summary>
        <Field
          className="mt-3"
          id="toolchainPath"
          label="Folder with llama.cpp’s tools"
          hint="Leave it empty and Quantdeck finds or installs them itself."
          error={errors['toolchainPath']}
        >
          <TextInput
            id="toolchainPath"
            name="toolchainPath"
            defaultValue={instance?.toolchainPath ?? ''}
            placeholder="/opt/llama.cpp"
            {...describedBy('toolchainPath', true, errors['toolchainPath'])}
          />
        </Field>
      </details>
      {failure ? <FailureNotice failure={failure} /> : null}
      <SubmitButton isPending={form.isPending} pendingText="Saving…">
        Save and test the connection
      </SubmitButton>
    </form>
  );
}

function PasteField({ onEndpoint }: { readonly onEndpoint: (endpoint: Partial<Endpoint>) => void }) {
  const [text, setText] = useState('');
  const parsed = text.trim() === '' ? null : parseSshCommand(text);
  const take = (next: string) => {
    setText(next);
    const found = parseSshCommand(next);
    if (!found) return;
    onEndpoint({ host: found.host, port: String(found.port), ...(found.user ? { user: found.user } : {}) });
  };
  const hint = parsed
    ? `Read: ${parsed.user ?? 'root'} at ${parsed.host}, port ${parsed.port}. Port forwardings (-L) are not needed.`
    : 'Copy the whole line of the rental page. It fills the fields below.';
  const error = text.trim() !== '' && !parsed ? 'There is no host in this line.' : undefined;
  return (
    <Field id="sshCommand" label="Paste an ssh command" hint={hint} error={error}>
      <TextInput
        id="sshCommand"
        value={text}
        onChange={(event) => take(event.target.value)}
        placeholder="ssh -p 34538 root@136.59.129.136 -L 8080:localhost:8080"
        className="font-mono"
        autoComplete="off"
        spellCheck={false}
        {...describedBy('sshCommand', true, error)}
      />
    </Field>
  );
}

interface EndpointFieldsProps {
  readonly endpoint: Endpoint;
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (part: Partial<Endpoint>) => void;
}

const ENDPOINT_FIELDS = [
  { name: 'name', label: 'Name', span: 'sm:col-span-6', placeholder: 'vast.ai RTX 4090' },
  { name: 'host', label: 'Host name or IP address', span: 'sm:col-span-3', placeholder: '136.59.129.136' },
  { name: 'port', label: 'Port', span: 'sm:col-span-1', placeholder: '22' },
  { name: 'user', label: 'User', span: 'sm:col-span-2', placeholder: 'root' },
] as const;

function EndpointFields({ endpoint, errors, onChange }: EndpointFieldsProps) {
  return ENDPOINT_FIELDS.map((field) => (
    <Field key={field.name} id={field.name} label={field.label} error={errors[field.name]} className={field.span}>
      <TextInput
        id={field.name}
        name={field.name}
        value={endpoint[field.name]}
        onChange={(event) => onChange({ [field.name]: event.target.value })}
        placeholder={field.placeholder}
        inputMode={field.name === 'port' ? 'numeric' : 'text'}
        autoComplete="off"
        spellCheck={false}
        {...describedBy(field.name, false, errors[field.name])}
      />
    </Field>
  ));
}
