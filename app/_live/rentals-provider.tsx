'use client';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { RentalSummary } from '../../lib/domain/rental-summary';
import { liveSocket, onEachConnect } from './socket-client';

const Rentals = createContext<RentalSummary | null>(null);

interface RentalsProviderProps {
  readonly initial: RentalSummary;
  readonly children: ReactNode;
}

/** Keeps what is rented now up to date, once for all parts of a page that show some of it. */
export function RentalsProvider({ initial, children }: RentalsProviderProps) {
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
  return <Rentals value={summary}>{children}</Rentals>;
}

/** What is rented now; for what stands inside the shell. */
export function useRentals(): RentalSummary {
  const summary = useContext(Rentals);
  if (summary === null) throw new Error('no RentalsProvider');
  return summary;
}
