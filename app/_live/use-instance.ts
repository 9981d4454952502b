'use client';
import { useMemo } from 'react';
import type { InstanceView } from '../../lib/domain/instance';
import { useInstances } from './use-instances';

export interface LiveInstance {
  readonly instance: InstanceView;
  /** Its connection is being tested, or waits for that. */
  readonly isChecking: boolean;
}

/** One instance, kept up to date. */
export function useInstance(initial: InstanceView): LiveInstance {
  const rows = useMemo(() => [initial], [initial]);
  const instance = useInstances(rows)[0] ?? initial;
  return { instance, isChecking: instance.checkState === 'requested' || instance.checkState === 'running' };
}
