'use client';
import { useRef, useSyncExternalStore } from 'react';
import { isPageHidden, onVisibilityChange } from './page-visibility';

/** A value as it was when the tab was last looked at: what is drawn from it rests while nobody can see it. */
export function useShown<T>(value: T): T {
  const isHidden = useSyncExternalStore(onVisibilityChange, isPageHidden, () => false);
  const shown = useRef(value);
  if (!isHidden) shown.current = value;
  return shown.current;
}
