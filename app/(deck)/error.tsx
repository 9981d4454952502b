'use client';
import { useEffect } from 'react';
import { Button } from '../_ui/button';
import { CopyButton } from '../_ui/copy-button';

interface ErrorPageProps {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}

/** A page could not be rendered. Jobs are not touched by that: say so. */
export default function ErrorPage({ error, reset }: ErrorPageProps) {
  useEffect(() => console.error(error), [error]);
  const details = [error.message, error.digest ? `digest ${error.digest}` : ''].filter(Boolean).join('\n');
  return (
    <div role="alert" className="mx-auto max-w-lg py-16">
      <h1 className="font-semibold text-xl">This page could not be shown</h1>
      <p className="mt-2 text-ink-muted">
        Something went wrong inside the dashboard. Running jobs are not affected: they run on their hosts and are
        recorded.
      </p>
      <pre className="mt-4 overflow-auto whitespace-pre-wrap break-words rounded-lg border bg-log px-3 py-2 font-mono text-xs">
        {details}
      </pre>
      <div className="mt-5 flex gap-2">
        <Button look="primary" onClick={reset}>
          Try again
        </Button>
        <CopyButton text={details} what="details" label="Copy details" className="h-9 px-3" />
      </div>
    </div>
  );
}
