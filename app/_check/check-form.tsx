'use client';
import Search from 'lucide-react/icons/search';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { InstanceView } from '../../lib/domain/instance';
import { createModelCheckAction } from '../_actions/check-actions';
import { unplacedFailure } from '../_actions/unplaced-failure';
import { FailureNotice } from '../_copy/failure-notice';
import { useFormAction } from '../_forms/use-form-action';
import { readSourceText } from '../_new-job/read-source-text';
import { SourceInput } from '../_new-job/source-input';
import { Field, Select } from '../_ui/field';
import { SubmitButton } from '../_ui/submit-button';

interface CheckFormProps {
  readonly source: string;
  readonly instanceId: string;
  readonly instances: readonly Pick<InstanceView, 'id' | 'name' | 'kind'>[];
}

/** One field for a model and one button: everything else is found out. */
export function CheckForm({ source, instanceId, instances }: CheckFormProps) {
  const router = useRouter();
  const form = useFormAction(createModelCheckAction, ({ checkId }) => router.push(`/checks/${checkId}`));
  const [text, setText] = useState(source);
  const reading = readSourceText(text);
  const { errors } = form;
  const error = errors['source'] ?? (reading.isWrong ? (reading.words ?? undefined) : undefined);
  const failure = unplacedFailure(form.result, ['source']);
  return (
    <form onSubmit={form.onSubmit} noValidate className="space-y-4">
      <div className="flex flex-wrap items-start gap-3">
        <Field
          id="source"
          label="Model id, address or folder"
          error={error}
          hint={reading.source ? reading.words : 'From Hugging Face, or the whole path of a folder.'}
          className="flex-1 basis-72"
        >
          <SourceInput text={text} onText={setText} placeholder="owner/name" error={error} />
        </Field>
        {reading.source?.kind === 'folder' ? (
          <Field id="instanceId" label="Where the folder is" className="basis-56">
            <Select id="instanceId" name="instanceId" defaultValue={instanceId}>
              <option value="">On the dashboard’s machine</option>
              {instances
                .filter((instance) => instance.kind !== 'this-machine')
                .map((instance) => (
                  <option key={instance.id} value={instance.id}>
                    On {instance.name}
                  </option>
                ))}
            </Select>
          </Field>
        ) : null}
        <SubmitButton
          isPending={form.isPending}
          pendingText="Starting…"
          disabled={!reading.source}
          className="sm:mt-6.5"
        >
          <Search size={15} aria-hidden />
          Check
        </SubmitButton>
      </div>
      {failure ? <FailureNotice failure={failure} /> : null}
    </form>
  );
}
