'use client';
import { type CSSProperties, useState } from 'react';
import type { JobDetail, StepView } from '../../lib/domain/views';
import { useKeys } from '../_ui/use-keys';
import { FileRow, FilesHeading } from './file-row';
import { groupSteps, inReadingOrder, interestingStep } from './step-groups';
import { StepInspector } from './step-inspector';
import { StepRow } from './step-row';

/** The first row of the grid is air. */
const FIRST_ROW = 2;

/**
 * Steps and what is inside them: a list with the chosen step beside it, on a phone an accordion. One DOM serves both,
 * because each step holds a live log that must not exist twice.
 */
export function StepBrowser({ job, initialKey }: { readonly job: JobDetail; readonly initialKey: string | null }) {
  // Null follows the job; a choice of the reader's is never undone by new data.
  const [chosen, setChosen] = useState<string | null>(initialKey);
  const groups = groupSteps(job.steps, job.outputs);
  const { trunk, files, end } = groups;
  const fileRows = files.length > 0 ? 1 + files.length : 0;
  const selected = chosen ?? interestingStep(job.steps)?.key ?? null;
  const show = (key: string) => {
    setChosen(key);
    const address = key === '' ? window.location.pathname : `?step=${encodeURIComponent(key)}`;
    window.history.replaceState(null, '', address);
  };
  const choose = (step: StepView) => {
    const isPhone = !window.matchMedia('(min-width: 1024px)').matches;
    show(isPhone && step.key === selected ? '' : step.key);
  };
  const move = (by: 1 | -1) => {
    const steps = inReadingOrder(groups);
    const next = steps[steps.findIndex((step) => step.key === selected) + by];
    if (next) show(next.key);
  };
  useKeys({ '[': () => move(-1), ']': () => move(1) });
  const inspect = (step: StepView | null | undefined) =>
    step ? <StepInspector job={job} step={step} onLinked={() => setChosen(step.key)} /> : null;
  const stepRows = (steps: readonly StepView[], firstRow: number) => (
    <ol className="contents">
      {steps.map((step, index) => (
        <li key={step.id} className="contents">
          <StepRow
            step={step}
            isSelected={step.key === selected}
            isLast={index === steps.length - 1}
            row={firstRow + index}
            onChoose={() => choose(step)}
          />
          {step.key === selected ? inspect(step) : null}
        </li>
      ))}
    </ol>
  );
  return (
    <section aria-labelledby="steps" className="rounded-xl border bg-surface shadow-card">
      <h2 id="steps" className="sr-only">
        Steps
      </h2>
      <div
        style={{ '--rows': trunk.length + fileRows + end.length } as CSSProperties}
        className="grid lg:grid-cols-[22rem_minmax(0,1fr)] lg:grid-rows-[0.5rem_repeat(var(--rows),auto)_1fr]"
      >
        {stepRows(trunk, FIRST_ROW)}
        {files.length > 0 ? <FilesHeading row={FIRST_ROW + trunk.length} /> : null}
        <ul aria-labelledby={files.length > 0 ? 'files' : undefined} className="contents">
          {files.map((file, index) => (
            <li key={file.type} className="contents">
              <FileRow
                file={file}
                verdict={job.artifacts.find((artifact) => artifact.type === file.type)?.verdict ?? 'unknown'}
                selected={selected}
                row={FIRST_ROW + trunk.length + 1 + index}
                onChoose={choose}
              />
              {inspect(file.steps.find((step) => step?.key === selected))}
            </li>
          ))}
        </ul>
        {end.length > 0 ? stepRows(end, FIRST_ROW + trunk.length + fileRows) : null}
      </div>
    </section>
  );
}
