import clsx from 'clsx';

interface ProgressBarProps {
  /** What progresses, for screen readers. */
  readonly label: string;
  /** 0..1, or null while nobody knows. */
  readonly fraction: number | null;
  readonly className?: string;
}

/** A bar; without a known fraction a slow sweep says "working" and claims no number. */
export function ProgressBar({ label, fraction, className }: ProgressBarProps) {
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
          className="h-full rounded-full bg-accent transition-[width] duration-500"
          style={{ width: `${percent}%` }}
        />
      )}
    </div>
  );
}
