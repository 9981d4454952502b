'use client';
import clsx from 'clsx';
import type { JobDetail } from '../../lib/domain/views';
import { VERDICT_DISPLAY } from '../_copy/verdict-display';
import { TONE_TEXT } from '../_ui/badge';
import { ArtifactProof } from './artifact-proof';

/** Whether it works, and for each file what proves it. */
export function VerdictPanel({ job }: { readonly job: JobDetail }) {
  const display = VERDICT_DISPLAY[job.verdict];
  const remarked = job.artifacts.filter(({ sampleRemark }) => sampleRemark !== null);
  return (
    <section aria-labelledby="verdict" className="overflow-hidden rounded-xl border bg-surface shadow-card">
      <div className="flex items-center gap-3.5 border-b px-4 py-4 sm:px-5">
        <display.icon size={30} strokeWidth={1.6} aria-hidden className={clsx('shrink-0', TONE_TEXT[display.tone])} />
        <div>
          <h2 id="verdict" className="font-semibold text-lg leading-tight">
            {display.word}
          </h2>
          <p className="text-ink-muted">{display.ofJob}</p>
          {remarked.length > 0 ? (
            <p className="text-warn">
              Read what {remarked.length === 1 ? 'this one' : 'these'} wrote before you rely on it:{' '}
              {remarked.map(({ type }) => type).join(', ')}.
            </p>
          ) : null}
        </div>
      </div>
      <ul className="divide-y">
        {job.artifacts.map((artifact) => (
          <li key={artifact.id} className="px-4 py-4 sm:px-5">
            <ArtifactProof artifact={artifact} />
          </li>
        ))}
      </ul>
    </section>
  );
}
