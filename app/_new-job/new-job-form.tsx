'use client';
import ChevronRight from 'lucide-react/icons/chevron-right';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { InstanceView } from '../../lib/domain/instance';
import type { QuantizationType } from '../../lib/domain/quantization-types';
import { createJobAction } from '../_actions/job-actions';
import { unplacedFailure } from '../_actions/unplaced-failure';
import { FailureNotice } from '../_copy/failure-notice';
import { useFormAction } from '../_forms/use-form-action';
import { Card } from '../_ui/card';
import { SubmitButton } from '../_ui/submit-button';
import { AdvancedFields } from './advanced-fields';
import { ApprovedRepair } from './approved-repair';
import { HostChoice } from './host-choice';
import type { JobStart } from './job-start';
import { ModelFields } from './model-fields';
import { OutputTable } from './output-table';
import { readSourceText } from './read-source-text';

const SHOWN_FIELDS = ['source', 'revision', 'instanceId', 'outputs', 'name', 'baseType', 'threads'];

interface NewJobFormProps {
  readonly instances: readonly InstanceView[];
  readonly start: JobStart;
}

/** The form of a job. All that is typed lives in here until the job exists: no answer of the server clears it. */
export function NewJobForm({ instances, start }: NewJobFormProps) {
  const router = useRouter();
  const form = useFormAction(createJobAction, ({ jobId }) => router.push(`/jobs/${jobId}`));
  const [sourceText, setSourceText] = useState(start.model);
  const [outputs, setOutputs] = useState<readonly QuantizationType[]>(start.outputs);
  const { errors } = form;
  const failure = unplacedFailure(form.result, SHOWN_FIELDS);
  const reading = readSourceText(sourceText);
  return (
    <form
      onSubmit={form.onSubmit}
      noValidate
      className="grid items-start gap-6 xl:grid-cols-[minmax(0,1fr)_minmax(0,1.15fr)]"
    >
      <div className="grid min-w-0 gap-6">
        <Card title="Model">
          <ModelFields text={sourceText} onText={setSourceText} reading={reading} start={start} errors={errors} />
        </Card>
        {start.repair ? <ApprovedRepair repair={start.repair} /> : null}
        <Card title="Host">
          <HostChoice instances={instances} initialId={start.instanceId} error={errors['instanceId']} />
        </Card>
      </div>
      <div className="grid min-w-0 gap-6 xl:sticky xl:top-6">
        <OutputTable chosen={outputs} onChange={setOutputs} error={errors['outputs']} />
        <details
          className="group rounded-xl border bg-surface shadow-card"
          open={hasAdvancedError(errors) || undefined}
        >
          <summary className="flex items-center gap-2 px-4 py-3 sm:px-5">
            <ChevronRight size={15} aria-hidden className="text-ink-faint transition-transform group-open:rotate-90" />
            <span className="font-semibold">Advanced</span>
            <span className="truncate text-ink-muted text-xs">Name, base type, threads, bring home</span>
          </summary>
          <div className="border-t p-4 sm:p-5">
            <AdvancedFields errors={errors} />
          </div>
        </details>
        {failure ? <FailureNotice failure={failure} /> : null}
        <div className="flex flex-wrap items-center justify-between gap-3 rounded-xl border bg-surface px-5 py-4 shadow-card">
          <p className="text-ink-muted">
            {outputs.length === 0 ? (
              'Choose at least one output.'
            ) : (
              <span className="font-mono text-xs">{outputs.join(' · ')}</span>
            )}
          </p>
          <SubmitButton isPending={form.isPending} pendingText="Starting…" disabled={outputs.length === 0}>
            Start job
          </SubmitButton>
        </div>
      </div>
    </form>
  );
}

/** A field with an error must not stay folded away. */
function hasAdvancedError(errors: Readonly<Record<string, string>>): boolean {
  return ['name', 'baseType', 'threads'].some((field) => field in errors);
}
