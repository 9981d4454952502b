'use client';
import { useState } from 'react';
import { formatBytes } from '../../lib/domain/bytes';

/** A file that is on a machine and nowhere else. */
export interface UnsavedFile {
  readonly artifactId: string;
  readonly fileName: string;
  readonly sizeBytes: number | null;
}

interface GivenUp {
  readonly names: ReadonlySet<string>;
  readonly toggle: (fileName: string) => void;
  /** How many of the files are not given up yet. */
  readonly left: number;
}

/** Which of the files a person has given up so far. */
export function useGivenUp(unsaved: readonly UnsavedFile[]): GivenUp {
  const [names, setNames] = useState<ReadonlySet<string>>(new Set());
  const toggle = (fileName: string) =>
    setNames((given) => {
      const next = new Set(given);
      if (!next.delete(fileName)) next.add(fileName);
      return next;
    });
  return { names, toggle, left: unsaved.filter(({ fileName }) => !names.has(fileName)).length };
}

/** Each file that would be lost, to be given up by name. */
export function UnsavedFilesField({
  unsaved,
  given,
}: {
  readonly unsaved: readonly UnsavedFile[];
  readonly given: GivenUp;
}) {
  return (
    <fieldset className="rounded-lg border border-bad/50 px-3 py-2.5">
      <legend className="px-1 font-medium text-bad">
        {unsaved.length === 1 ? 'One file is' : `${unsaved.length} files are`} nowhere else
      </legend>
      <p className="mb-2 text-xs">Bring them home first, or tick each one that may be lost.</p>
      <ul className="space-y-2">
        {unsaved.map(({ artifactId, fileName, sizeBytes }) => (
          <li key={artifactId}>
            <label className="flex min-h-6 items-start gap-2.5">
              <input
                type="checkbox"
                checked={given.names.has(fileName)}
                onChange={() => given.toggle(fileName)}
                className="mt-0.5 size-4 shrink-0 accent-bad"
              />
              <span className="wrap-anywhere font-mono text-ink text-xs">
                {fileName}
                {sizeBytes === null ? '' : ` (${formatBytes(sizeBytes)})`}
              </span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
