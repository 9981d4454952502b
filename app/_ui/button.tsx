import clsx from 'clsx';
import Link from 'next/link';
import type { ComponentProps } from 'react';

export type ButtonLook = 'primary' | 'secondary' | 'ghost' | 'danger';
export type ButtonSize = 'small' | 'medium';

const LOOKS: Readonly<Record<ButtonLook, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong border-transparent shadow-card',
  secondary: 'bg-surface text-ink border-line hover:border-line-strong shadow-card',
  ghost: 'text-ink-muted border-transparent hover:text-ink hover:bg-quiet-soft',
  danger: 'bg-surface text-bad border-line hover:border-bad hover:bg-bad-soft shadow-card',
};

const SIZES: Readonly<Record<ButtonSize, string>> = {
  small: 'h-7 px-2.5 text-xs gap-1.5 rounded-md',
  medium: 'h-9 px-3.5 text-sm gap-2 rounded-lg',
};

/** The classes of a button, for the few places where something else than a button or link must look like one. */
export function buttonClasses(look: ButtonLook, size: ButtonSize, extra?: string): string {
  return clsx(
    'inline-flex shrink-0 items-center justify-center whitespace-nowrap border font-medium transition-colors',
    'disabled:cursor-not-allowed disabled:opacity-55',
    LOOKS[look],
    SIZES[size],
    extra,
  );
}

interface Look {
  readonly look?: ButtonLook;
  readonly size?: ButtonSize;
}

/** A button; `type="button"` unless said otherwise, so that none submits a form by accident. */
export function Button({ look = 'secondary', size = 'medium', className, ...rest }: ComponentProps<'button'> & Look) {
  return <button type="button" {...rest} className={buttonClasses(look, size, className)} />;
}

/** A link that looks like a button: for going somewhere, where a button does something. */
export function ButtonLink({
  look = 'secondary',
  size = 'medium',
  className,
  ...rest
}: ComponentProps<typeof Link> & Look) {
  return <Link {...rest} className={buttonClasses(look, size, className)} />;
}
