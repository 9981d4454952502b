'use client';
import { useEffect, useState } from 'react';

/** A number that grows whenever the theme changes, for what is drawn with colours read once: canvases. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const grow = () => setVersion((current) => current + 1);
    const observer = new MutationObserver(grow);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const system = window.matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', grow);
    return () => {
      observer.disconnect();
      system.removeEventListener('change', grow);
    };
  }, []);
  return version;
}
