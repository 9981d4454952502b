'use client';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { isPageHidden, onPageShown } from '../_ui/page-visibility';
import { liveSocket, onEachConnect } from './socket-client';

/** Changes come in bursts; one page for each burst is enough. */
const SETTLE_MS = 400;

/** Asks for the page again whenever something about rented machines changes. A hidden tab waits. Draws nothing. */
export function FollowRentals() {
  const router = useRouter();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let isOld = false;
    const refresh = () => {
      timer = null;
      isOld = isPageHidden();
      if (!isOld) router.refresh();
    };
    const changed = () => {
      timer ??= setTimeout(refresh, SETTLE_MS);
    };
    const socket = liveSocket();
    socket.on('rentals:updated', changed);
    let isFirst = true;
    const stopWatching = onEachConnect(socket, () => {
      socket.emit('rentals:watch', {}, () => undefined);
      // What changed while the connection was cut was told to nobody.
      if (!isFirst) changed();
      isFirst = false;
    });
    const stopListening = onPageShown(() => {
      if (isOld) changed();
    });
    return () => {
      if (timer !== null) clearTimeout(timer);
      stopWatching();
      stopListening();
      socket.off('rentals:updated', changed);
    };
  }, [router]);
  return null;
}
