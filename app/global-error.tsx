'use client';
import './globals.css';

/** The last resort: the document itself could not be rendered. */
export default function GlobalError({
  error,
  reset,
}: {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}) {
  return (
    <html lang="en">
      <body className="font-sans">
        <main className="mx-auto max-w-lg px-6 py-24">
          <h1 className="font-semibold text-xl">Quantdeck could not show this page</h1>
          <p className="mt-2 text-ink-muted">
            Jobs go on: they run on their hosts. {error.digest ? `Error ${error.digest}.` : null}
          </p>
          <button
            type="button"
            onClick={reset}
            className="mt-6 rounded-lg bg-accent px-4 py-2 font-medium text-on-accent"
          >
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
