'use client';
import { type CSSProperties, useState } from 'react';
import type { JobDetail, StepView } from '../../lib/domain/views';
import { useKeys } from '../_ui/use-keys';
import { StepInspector } from './step-inspector';
import { StepRow } from './step-row';

/**
 * Steps and what is inside them: a list with the chosen step beside it, on a phone an accordion. One DOM serves both,
 * because each step holds a live log that must not exist twice.
 */
export function StepBrowser({ job, initialKey }: { readonly job: JobDetail; readonly initialKey: string | null }) {
  // Null follows the job; a choice of the reader's is never undone by new data.
  const [chosen, setChosen] = useState<string | null>(initialKey);
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
    const next = job.steps[job.steps.findIndex((step) => step.key === selected) + by];
    if (next) show(next.key);
  };
  useKeys({ '[': () => move(-1), ']': () => move(1) });
  return (
    <section aria-labelledby="steps" className="rounded-xl border bg-surface shadow-card">
      <h2 id="steps" className="sr-only">
        Steps
      </h2>
      <ol
        style={{ '--steps': job.steps.length } as CSSProperties}
        className="grid lg:grid-cols-[19rem_minmax(0,1fr)] lg:grid-rows-[0.5rem_repeat(var(--steps),auto)_1fr]"
      >
        {job.steps.map((step, index) => {
          const isSelected = step.key === selected;
          return (
            <li key={step.id} className="contents">
              <StepRow
                step={step}
                isSelected={isSelected}
                isLast={index === job.steps.length - 1}
                row={index + 2}
                onChoose={() => choose(step)}
              />
              {isSelected ? <StepInspector job={job} step={step} onLinked={() => setChosen(step.key)} /> : null}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** The step to look at: the failed one, else the running one, else the last that did something, else the first. */
function interestingStep(steps: readonly StepView[]): StepView | undefined {
  return (
    steps.find((step) => step.status === 'failed') ??
    steps.find((step) => step.status === 'running') ??
    steps.findLast((step) => step.status === 'canceled') ??
    steps.findLast((step) => step.status === 'succeeded') ??
    steps[0]
  );
}
