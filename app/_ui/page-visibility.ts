/** Whether this tab cannot be seen now; never while rendering on the server. */
export function isPageHidden(): boolean {
  return typeof document !== 'undefined' && document.hidden;
}

/** Runs whenever the tab is looked at again. Returns what ends it. */
export function onPageShown(run: () => void): () => void {
  return onVisibilityChange(() => {
    if (!document.hidden) run();
  });
}

/** Runs whenever the tab is hidden or looked at again. Returns what ends it. */
export function onVisibilityChange(run: () => void): () => void {
  if (typeof document === 'undefined') return () => {};
  document.addEventListener('visibilitychange', run);
  return () => document.removeEventListener('visibilitychange', run);
}
