import { randomUUID } from 'node:crypto';

/** A fresh opaque id: `[0-9a-f-]`, 36 characters. */
export function createId(): string {
  return randomUUID();
}
