import clsx from 'clsx';

const TONES = { accent: 'bg-accent', warn: 'bg-warn', bad: 'bg-bad' } as const;

interface ProgressBarProps {
  /** What progresses, for screen readers. */
  readonly label: string;
  /** 0..1, or null while nobody knows. */
  readonly fraction: number | null;
  /** What is drawn beside it in words too. */
  readonly tone?: keyof typeof TONES;
  readonly className?: string;
}

/** A bar; without a known fraction a slow sweep says "working" and claims no number. */
export function ProgressBar({ label, fraction, tone = 'accent', className }: ProgressBarProps) {
  const percent = fraction === null ? null : Math.round(Math.min(1, Math.max(0, fraction)) * 1000) / 10;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === null ? {} : { 'aria-valuenow': Math.round(percent) })}
      className={clsx('h-1.5 overflow-hidden rounded-full bg-quiet-soft', className)}
    >
      {percent === null ? (
        <div className="h-full w-1/3 animate-sweep rounded-full bg-accent/70" />
      ) : (
        <div
          className={clsx('h-full rounded-full transition-[width] duration-500', TONES[tone])}
          style={{ width: `${percent}%` }}
        />
      )}
    </div>
  );
}
