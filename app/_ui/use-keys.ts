'use client';
import { useEffect, useRef } from 'react';

/**
 * Runs something for single keys pressed anywhere on the page, by `event.key`. Never while somebody types, chooses from
 * a list or answers a dialog, and never for what belongs to the browser (Ctrl, Alt, Cmd; AltGr types `[` on some
 * keyboards and is fine).
 */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const belongsToBrowser = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState('AltGraph');
      if (belongsToBrowser || event.defaultPrevented || isTyping(event.target)) return;
      const run = latest.current[event.key];
      if (!run) return;
      event.preventDefault();
      run();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true;
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
}
