'use client';
import { useEffect, useState } from 'react';
import type { RentalSummary } from '../../lib/domain/rental-summary';
import { liveSocket, onEachConnect } from './socket-client';

/** What is rented now, kept up to date. Each user of this hears all of it: there is never much. */
export function useRentals(initial: RentalSummary): RentalSummary {
  const [summary, setSummary] = useState(initial);
  useEffect(() => {
    setSummary(initial);
    const socket = liveSocket();
    socket.on('rentals:updated', setSummary);
    const stop = onEachConnect(socket, () => {
      socket.emit('rentals:watch', {}, (answer) => {
        if (answer.ok) setSummary(answer.data);
      });
    });
    return () => {
      stop();
      socket.off('rentals:updated', setSummary);
    };
  }, [initial]);
  return summary;
}
