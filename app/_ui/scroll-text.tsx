import clsx from 'clsx';

interface ScrollTextProps {
  readonly text: string;
  readonly label: string;
  readonly className?: string;
}

/** Text of a machine in a box that scrolls when it is long. */
export function ScrollText({ text, label, className }: ScrollTextProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard (axe: scrollable-region-focusable)
    <section aria-label={label} tabIndex={0} className={clsx('overflow-auto', className)}>
      <pre className="whitespace-pre-wrap break-all font-mono text-xs leading-5">{text}</pre>
    </section>
  );
}
