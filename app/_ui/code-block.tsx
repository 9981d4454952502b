import clsx from 'clsx';
import { CopyButton } from './copy-button';
import { ScrollText } from './scroll-text';

interface CodeBlockProps {
  readonly text: string;
  /** What it is, for the copy button and screen readers. */
  readonly what: string;
  readonly className?: string;
}

/** Text of a machine, kept as it is, with a copy button that does not cover it. */
export function CodeBlock({ text, what, className }: CodeBlockProps) {
  return (
    <div className={clsx('flex items-start gap-2 rounded-lg border bg-log p-2 pl-3', className)}>
      <ScrollText text={text} label={what} className="max-h-64 min-w-0 flex-1 py-0.5" />
      <CopyButton text={text} what={what} />
    </div>
  );
}
