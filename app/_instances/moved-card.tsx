'use client';
import ChevronRight from 'lucide-react/icons/chevron-right';
import { useRef } from 'react';
import type { InstanceView } from '../../lib/domain/instance';
import { InstanceForm } from './instance-form';

/** Rented machines come back from a restart with another address: here it is changed. */
export function MovedCard({ instance }: { readonly instance: InstanceView }) {
  const details = useRef<HTMLDetailsElement>(null);
  return (
    <details ref={details} className="group rounded-xl border bg-surface shadow-card">
      <summary className="flex items-center gap-2 px-4 py-3 sm:px-5">
        <ChevronRight size={15} aria-hidden className="text-ink-faint transition-transform group-open:rotate-90" />
        <span className="font-semibold">Change how it is reached</span>
      </summary>
      <div className="border-t p-4 sm:p-5">
        <InstanceForm
          instance={instance}
          onSaved={() => {
            if (details.current) details.current.open = false;
          }}
        />
      </div>
    </details>
  );
}
