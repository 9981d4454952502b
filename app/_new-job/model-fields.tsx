'use client';
import CircleCheck from 'lucide-react/icons/circle-check';
import Link from 'next/link';
import { describedBy, Field, Select, TextInput } from '../_ui/field';
import type { JobStart } from './job-start';
import type { SourceReading } from './read-source-text';
import { SourceInput } from './source-input';

interface ModelFieldsProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly reading: SourceReading;
  readonly start: JobStart;
  readonly errors: Readonly<Record<string, string>>;
}

/** The model: id, address or folder in one field, which says what it understood. */
export function ModelFields({ text, onText, reading, start, errors }: ModelFieldsProps) {
  const error = errors['source'] ?? (reading.isWrong ? (reading.words ?? undefined) : undefined);
  const { source } = reading;
  return (
    <div className="space-y-4">
      <Field
        id="source"
        label="Model id, address or folder"
        error={error}
        hint={
          source ? (
            <span className="flex flex-wrap items-center gap-x-3">
              <span className="flex items-center gap-1.5 text-ok">
                <CircleCheck size={14} aria-hidden />
                {reading.words}
              </span>
              <Link
                href={`/checks?source=${encodeURIComponent(text.trim())}`}
                className="font-medium text-accent hover:underline"
              >
                Check it first
              </Link>
            </span>
          ) : (
            'From Hugging Face, or the whole path of a folder that holds a checkpoint.'
          )
        }
      >
        <SourceInput text={text} onText={onText} placeholder="HuggingFaceTB/SmolLM2-135M-Instruct" error={error} />
      </Field>
      {source?.kind === 'folder' ? (
        <Field
          id="location"
          label="Where the folder is"
          hint="A folder of the dashboard’s machine is copied to the host first."
        >
          <Select
            id="location"
            name="location"
            defaultValue={start.location}
            {...describedBy('location', true, undefined)}
          >
            <option value="host">On the host</option>
            <option value="dashboard">On the dashboard’s machine</option>
          </Select>
        </Field>
      ) : (
        <Field
          id="revision"
          label="Revision"
          hint="Branch, tag or commit. It is pinned to a commit when the job starts."
          error={errors['revision']}
        >
          <TextInput
            id="revision"
            name="revision"
            key={source?.revision ?? 'main'}
            defaultValue={revisionOf(source, start)}
            placeholder="main"
            className="font-mono"
            autoComplete="off"
            spellCheck={false}
            {...describedBy('revision', true, errors['revision'])}
          />
        </Field>
      )}
    </div>
  );
}

/** The revision that the text names, else the one that the form began with, as long as it still is that model. */
function revisionOf(source: SourceReading['source'], start: JobStart): string {
  if (source?.kind !== 'hub') return start.revision;
  if (source.revision !== 'main') return source.revision;
  return source.repo === start.model ? start.revision : '';
}
