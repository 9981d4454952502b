'use client';
import { useCallback, useSyncExternalStore } from 'react';
import { DEVICE_PROFILES, type DeviceProfile } from '../../lib/model/device-profiles';

const KEY = 'quantdeck-device';
const GIB = 1024 ** 3;
const MOST_GIB = 2048;
const listeners = new Set<() => void>();

/** Id of the profile that the person describes by its memory. */
export const OWN_DEVICE_ID = 'own';

/** The device that fits are judged for, kept in this browser: it is about the person, not about the dashboard. */
export function useDevice(): { device: DeviceProfile; choose: (device: DeviceProfile) => void } {
  const stored = useSyncExternalStore(subscribe, readStored, () => null);
  const choose = useCallback((device: DeviceProfile) => {
    try {
      localStorage.setItem(KEY, JSON.stringify(device));
    } catch {
      // A browser that keeps nothing still shows the choice until the page is left.
    }
    for (const listener of listeners) listener();
  }, []);
  return { device: parseDevice(stored) ?? DEVICE_PROFILES[0], choose };
}

/** A device of the person's own, from gigabytes as typed; out-of-range numbers are brought into range. */
export function ownDevice(memoryGib: number, graphicsGib: number): DeviceProfile {
  const memory = Math.min(MOST_GIB, Math.max(1, Math.round(memoryGib) || 1));
  const graphics = Math.min(MOST_GIB, Math.max(0, Math.round(graphicsGib) || 0));
  return {
    id: OWN_DEVICE_ID,
    name: 'My device',
    memoryBytes: memory * GIB,
    graphicsBytes: graphics === 0 ? null : graphics * GIB,
    isUnified: false,
  };
}

/** What was stored, if it still is a device: a profile of ours by its id, or the person's own. */
export function parseDevice(text: string | null): DeviceProfile | null {
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as Partial<DeviceProfile> | null;
    const known = DEVICE_PROFILES.find((profile) => profile.id === value?.id);
    if (known) return known;
    if (value?.id !== OWN_DEVICE_ID) return null;
    return ownDevice(Number(value.memoryBytes) / GIB, Number(value.graphicsBytes ?? 0) / GIB);
  } catch {
    return null;
  }
}

function readStored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}
