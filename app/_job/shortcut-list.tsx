'use client';
import Keyboard from 'lucide-react/icons/keyboard';
import { useState } from 'react';
import { Button } from '../_ui/button';
import { Dialog } from '../_ui/dialog';
import { useKeys } from '../_ui/use-keys';

const SHORTCUTS = [
  ['[', 'Previous step'],
  [']', 'Next step'],
  ['f', 'Follow the log: jump to its end and stay there'],
  ['/', 'Search the log'],
  ['e', 'First error in the log'],
  ['w', 'Wrap long lines, or not'],
  ['l', 'Copy a link to the marked line, else to the first in view'],
  ['?', 'This list'],
] as const;

/** The keys of a job's page, behind `?` or the button. */
export function ShortcutList() {
  const [isOpen, setIsOpen] = useState(false);
  useKeys({ '?': () => setIsOpen(true) });
  return (
    // A phone has no such keys.
    <div className="hidden justify-end lg:flex">
      <Button look="ghost" size="small" onClick={() => setIsOpen(true)}>
        <Keyboard size={14} aria-hidden />
        Keyboard shortcuts
      </Button>
      <Dialog open={isOpen} onClose={() => setIsOpen(false)} title="Keyboard shortcuts">
        <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2">
          {SHORTCUTS.map(([key, words]) => (
            <div key={key} className="contents">
              <dt>
                <kbd className="inline-block min-w-7 rounded-md border bg-sunken px-2 py-0.5 text-center font-mono text-xs">
                  {key}
                </kbd>
              </dt>
              <dd className="text-ink-muted">{words}</dd>
            </div>
          ))}
        </dl>
      </Dialog>
    </div>
  );
}
