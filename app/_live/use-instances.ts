'use client';
import { useEffect, useState } from 'react';
import type { InstanceView } from '../../lib/domain/instance';
import { liveSocket, onEachConnect } from './socket-client';

/** Instances, kept up to date in place. */
export function useInstances(initial: readonly InstanceView[]): readonly InstanceView[] {
  const [instances, setInstances] = useState(initial);
  useEffect(() => {
    setInstances(initial);
    const take = (next: InstanceView) => setInstances((rows) => rows.map((row) => (row.id === next.id ? next : row)));
    const socket = liveSocket();
    socket.on('instance:updated', take);
    const stop = onEachConnect(socket, () => {
      socket.emit('instances:watch', {}, (answer) => {
        if (answer.ok) for (const instance of answer.data) take(instance);
      });
    });
    return () => {
      stop();
      socket.off('instance:updated', take);
    };
  }, [initial]);
  return instances;
}
