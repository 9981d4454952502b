'use client';
import LoaderCircle from 'lucide-react/icons/loader-circle';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { Elapsed } from '../_ui/elapsed';
import { Notice } from '../_ui/notice';

const LOOK_EVERY_MS = 700;

/** Shown while a check waits or runs; asks for the page again until it has ended. A hidden tab waits. */
export function CheckPending({ since }: { readonly since: string }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) router.refresh();
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [router]);
  return (
    <Notice
      tone="accent"
      role="status"
      icon={<LoaderCircle size={18} aria-hidden className="animate-spin text-accent [animation-duration:2.4s]" />}
      title="Reading the headers of the checkpoint"
    >
      Only the beginnings of its files are read, so this takes seconds whatever the size.{' '}
      <Elapsed from={since} to={null} />
    </Notice>
  );
}
