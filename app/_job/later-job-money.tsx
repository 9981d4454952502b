'use client';
import { lazy, Suspense } from 'react';
import type { JobMoneyProps } from './job-money';

const JobMoney = lazy(async () => ({ default: (await import('./job-money')).JobMoney }));

/** The money line, fetched only with the page of a job whose machine is rented: most are not. */
export function LaterJobMoney(props: JobMoneyProps) {
  return (
    <Suspense>
      <JobMoney {...props} />
    </Suspense>
  );
}
