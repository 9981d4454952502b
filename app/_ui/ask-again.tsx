'use client';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

const LOOK_EVERY_MS = 700;

/** Asks for the page again until it no longer contains this: until what it waits for is there. A hidden tab waits. Draws nothing. */
export function AskAgain() {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) router.refresh();
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [router]);
  return null;
}
