'use client';
import clsx from 'clsx';
import X from 'lucide-react/icons/x';
import { type ReactNode, useEffect, useId, useRef } from 'react';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** For a form, where most dialogs ask one thing. */
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

/**
 * A modal on the native `<dialog>`: focus is trapped by the browser, Escape closes it, and focus returns to the opener.
 */
export function Dialog({ open, onClose, title, isWide = false, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (open && !dialog?.open) dialog?.showModal();
    if (!open && dialog?.open) dialog.close();
  }, [open]);
  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onClose={onClose}
      className={clsx(
        'm-auto rounded-xl border bg-surface p-0 text-ink shadow-float',
        isWide ? 'w-[min(40rem,calc(100vw-2rem))]' : 'w-[min(30rem,calc(100vw-2rem))]',
      )}
    >
      <div className="flex items-start justify-between gap-4 px-5 pt-4">
        <h2 id={titleId} className="font-semibold text-base">
          {title}
        </h2>
        <button
          type="button"
          aria-label="Close"
          onClick={onClose}
          className="-mr-1.5 rounded-md p-1.5 text-ink-muted hover:bg-quiet-soft hover:text-ink"
        >
          <X size={16} aria-hidden />
        </button>
      </div>
      <div className="px-5 pt-2 pb-5">{open ? children : null}</div>
    </dialog>
  );
}
