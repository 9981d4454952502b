'use client';
import clsx from 'clsx';
import Check from 'lucide-react/icons/check';
import Copy from 'lucide-react/icons/copy';
import { useState } from 'react';
import { copyText } from './copy-text';

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for the button's name: "Copy sha256". */
  readonly what: string;
  /** Words on the button; only the icon without. */
  readonly label?: string;
  readonly className?: string;
}

/** Copies a text and says so for two seconds. */
export function CopyButton({ text, what, label, className }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  const copy = async () => {
    setState((await copyText(text)) ? 'copied' : 'failed');
    setTimeout(() => setState('idle'), 2000);
  };
  const word = state === 'copied' ? 'Copied' : state === 'failed' ? 'Could not copy' : label;
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={state === 'idle' ? `Copy ${what}` : word}
      title={`Copy ${what}`}
      className={clsx(
        'inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md border bg-surface px-1.5 text-ink-muted text-xs hover:border-line-strong hover:text-ink',
        className,
      )}
    >
      {state === 'copied' ? <Check size={14} aria-hidden className="text-ok" /> : <Copy size={14} aria-hidden />}
      {word ? <span>{word}</span> : null}
    </button>
  );
}
