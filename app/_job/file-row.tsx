'use client';
import clsx from 'clsx';
import type { CSSProperties } from 'react';
import type { Verdict } from '../../lib/domain/artifact';
import { FILE_STEP_KINDS } from '../../lib/domain/step-key';
import type { StepView } from '../../lib/domain/views';
import { QuantizationBadge } from '../_copy/quantization-badge';
import { STEP_STATUS_DISPLAY } from '../_copy/status-display';
import { FILE_STEP_LABEL, NO_MAKE_STEP } from '../_copy/step-copy';
import { VERDICT_DISPLAY } from '../_copy/verdict-display';
import { TONE_TEXT } from '../_ui/badge';
import { Elapsed } from '../_ui/elapsed';
import type { FileSteps } from './step-groups';

const COLUMNS = 'grid grid-cols-[minmax(0,1fr)_repeat(4,3.5rem)] items-center gap-x-0.5 px-4';

/** Names the group and its columns. */
export function FilesHeading({ row }: { readonly row: number }) {
  return (
    <div
      style={{ '--row': row } as CSSProperties}
      className={clsx(COLUMNS, 'border-b pt-3 pb-1 lg:col-start-1 lg:row-(--row) lg:mt-1 lg:border-t lg:border-b-0')}
    >
      <h3 id="files" className="font-medium">
        Files
      </h3>
      {FILE_STEP_KINDS.map((kind) => (
        <span key={kind} aria-hidden className="text-center text-[0.6875rem] text-ink-muted">
          {FILE_STEP_LABEL[kind]}
        </span>
      ))}
    </div>
  );
}

interface FileRowProps {
  readonly file: FileSteps;
  readonly verdict: Verdict;
  /** Key of the step that is looked at. */
  readonly selected: string | null;
  /** Row of the grid on wide screens. */
  readonly row: number;
  readonly onChoose: (step: StepView) => void;
}

/** One file: its type, what was proven about it, and how far each of its steps is. */
export function FileRow({ file, verdict, selected, row, onChoose }: FileRowProps) {
  const display = VERDICT_DISPLAY[verdict];
  const isSelected = file.steps.some((step) => step !== null && step.key === selected);
  return (
    <div
      style={{ '--row': row } as CSSProperties}
      className={clsx(
        COLUMNS,
        'relative border-b py-1 lg:col-start-1 lg:row-(--row) lg:border-b-0',
        isSelected && 'bg-quiet-soft/40',
      )}
    >
      {isSelected ? <span aria-hidden className="absolute inset-y-0 left-0 w-[3px] bg-accent" /> : null}
      <span className="flex min-w-0 items-center gap-1.5">
        <QuantizationBadge type={file.type} />
        {verdict === 'unknown' ? null : (
          <span title={display.word} className="shrink-0">
            <display.icon size={15} aria-hidden className={TONE_TEXT[display.tone]} />
            <span className="sr-only">{display.word}</span>
          </span>
        )}
      </span>
      {file.steps.map((step, index) =>
        step === null ? (
          <NoStep key={FILE_STEP_KINDS[index]} isMake={FILE_STEP_KINDS[index] === 'quantize'} />
        ) : (
          <StepChip key={step.id} step={step} isSelected={step.key === selected} onChoose={() => onChoose(step)} />
        ),
      )}
    </div>
  );
}

/** One small step as a button: its state as an icon, under it the time it took or how far it is. */
function StepChip({
  step,
  isSelected,
  onChoose,
}: {
  readonly step: StepView;
  readonly isSelected: boolean;
  readonly onChoose: () => void;
}) {
  const display = STEP_STATUS_DISPLAY[step.status];
  return (
    <button
      type="button"
      onClick={onChoose}
      aria-expanded={isSelected}
      aria-controls={isSelected ? `step-${step.id}` : undefined}
      title={`${step.title}: ${display.word}`}
      className={clsx(
        'flex h-10 min-w-0 flex-col items-center justify-center rounded-md',
        isSelected ? 'bg-surface ring-1 ring-accent ring-inset' : 'hover:bg-quiet-soft',
      )}
    >
      <display.icon
        size={16}
        strokeWidth={1.9}
        aria-hidden
        className={clsx(TONE_TEXT[display.tone], display.spins && 'animate-spin [animation-duration:2.4s]')}
      />
      <span className="sr-only">{`${step.title}: ${display.word} `}</span>
      {step.startedAt === null ? null : (
        <span className="max-w-full truncate text-[0.6875rem] text-ink-muted leading-4">
          <ChipFigure step={step} startedAt={step.startedAt} />
        </span>
      )}
    </button>
  );
}

function ChipFigure({ step, startedAt }: { readonly step: StepView; readonly startedAt: string }) {
  const fraction = step.progress?.fraction ?? null;
  if (step.status === 'running' && fraction !== null)
    return <span className="figures text-accent">{Math.floor(fraction * 100)} %</span>;
  return <Elapsed from={startedAt} to={step.finishedAt} />;
}

/** The converter writes the base, and not every file is brought home. */
function NoStep({ isMake }: { readonly isMake: boolean }) {
  return (
    <span title={isMake ? NO_MAKE_STEP.meaning : undefined} className="text-center text-[0.6875rem] text-ink-muted">
      {isMake ? NO_MAKE_STEP.word : <span aria-hidden>–</span>}
      {isMake ? <span className="sr-only">: {NO_MAKE_STEP.meaning}</span> : null}
    </span>
  );
}
