import clsx from 'clsx';
import CircleAlert from 'lucide-react/icons/circle-alert';
import type { ComponentProps, ReactNode } from 'react';

const CONTROL =
  'w-full min-w-0 rounded-lg border border-line-strong/60 bg-surface px-3 text-ink placeholder:text-ink-faint ' +
  'hover:border-line-strong focus-visible:border-accent aria-invalid:border-bad disabled:bg-sunken disabled:text-ink-muted';

interface FieldProps {
  readonly label: string;
  /** The control's id; hint and error get ids derived from it. */
  readonly id: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A label, a control, a hint and what is wrong with it. */
export function Field({ label, id, hint, error, className, children }: FieldProps) {
  return (
    <div className={clsx('min-w-0', className)}>
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {label}
      </label>
      {children}
      {hint ? (
        <p id={`${id}-hint`} className="mt-1.5 text-ink-muted text-xs">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} role="alert" className="mt-1.5 flex gap-1.5 text-bad text-xs">
          <CircleAlert size={14} aria-hidden className="mt-px shrink-0" />
          {error}
        </p>
      ) : null}
    </div>
  );
}

/** The aria attributes that tie a control to its Field. */
export function describedBy(id: string, hint: boolean, error: string | undefined) {
  const ids = [hint ? `${id}-hint` : null, error ? `${id}-error` : null].filter(Boolean).join(' ');
  return { ...(ids === '' ? {} : { 'aria-describedby': ids }), 'aria-invalid': error !== undefined } as const;
}

/** A one-line text field. 16 px on phones, where less makes Safari zoom in. */
export function TextInput({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={clsx(CONTROL, 'h-10 text-base sm:h-9 sm:text-sm', className)} />;
}

/** A text field of several lines. */
export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea {...rest} className={clsx(CONTROL, 'py-2 text-base sm:text-sm', className)} />;
}

/** A native select: the one control that is best left to the browser on every device. */
export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return <select {...rest} className={clsx(CONTROL, 'h-10 pr-8 text-base sm:h-9 sm:text-sm', className)} />;
}

/** A checkbox with its words and, if needed, a second line. */
export function Checkbox({
  label,
  hint,
  className,
  ...rest
}: ComponentProps<'input'> & { readonly label: ReactNode; readonly hint?: ReactNode }) {
  return (
    <label className={clsx('flex items-start gap-2.5', className)}>
      <input {...rest} type="checkbox" className="mt-0.5 size-4 shrink-0 accent-accent" />
      <span>
        <span className="block font-medium">{label}</span>
        {hint ? <span className="block text-ink-muted text-xs">{hint}</span> : null}
      </span>
    </label>
  );
}
