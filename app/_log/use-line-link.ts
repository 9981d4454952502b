'use client';
import { useEffect, useRef, useState } from 'react';
import { copyText } from '../_ui/copy-text';
import { lineAddress, offsetInAddress } from './line-link';

const SAID_MS = 4000;

export interface LineLink {
  /** Puts the line into the page's address and that onto the clipboard; says so. */
  readonly copy: (offset: number, name: string) => Promise<void>;
  /** What was just done, for people who look and for people who listen. */
  readonly said: string;
}

/** Links to lines of a step: the one in the page's address is opened once the log `isReady`, and when it changes. */
export function useLineLink(stepKey: string, isReady: boolean, openLine: (offset: number) => void): LineLink {
  const [said, setSaid] = useState('');
  const latest = useRef(openLine);
  useEffect(() => {
    latest.current = openLine;
  });
  const isOpened = useRef(false);
  useEffect(() => {
    if (!isReady) return;
    const open = () => {
      const offset = offsetInAddress(window.location, stepKey);
      if (offset !== null) latest.current(offset);
    };
    // After a cut connection the log is ready once more, but its reader may be elsewhere by then.
    if (!isOpened.current) open();
    isOpened.current = true;
    window.addEventListener('hashchange', open);
    return () => window.removeEventListener('hashchange', open);
  }, [isReady, stepKey]);
  useEffect(() => {
    if (said === '') return;
    const timer = setTimeout(() => setSaid(''), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (offset: number, name: string) => {
    window.history.replaceState(null, '', lineAddress(window.location.pathname, stepKey, offset));
    const isCopied = await copyText(window.location.href);
    setSaid(isCopied ? `Link to ${name} copied` : `The page's address is the link to ${name} now`);
  };
  return { copy, said };
}
