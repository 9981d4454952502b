import { vi } from 'vitest';

/** Stands in for the document of a tab: can be hidden and looked at again. Ends with `vi.unstubAllGlobals()`. */
export function stubHideablePage(): { hide(): void; show(): void } {
  const page = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal('document', page);
  const become = (hidden: boolean) => {
    page.hidden = hidden;
    page.dispatchEvent(new Event('visibilitychange'));
  };
  return { hide: () => become(true), show: () => become(false) };
}
