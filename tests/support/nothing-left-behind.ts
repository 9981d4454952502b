import { afterAll, expect, vi } from 'vitest';

// Files that share a process run one after the other in it. What one leaves behind could make another pass or fail, so
// leaving it is a failure of its own, in the file that did it.
const before = stateOfProcess();
// Registered before any of the file's own, so it runs last.
afterAll(() => {
  vi.unstubAllEnvs();
  expect(stateOfProcess(), 'this file changed the process and did not change it back').toEqual(before);
});

function stateOfProcess() {
  const globals = Object.getOwnPropertyDescriptors(globalThis);
  return {
    environment: { ...process.env },
    folder: process.cwd(),
    umask: process.umask(),
    hasFakeClock: vi.isFakeTimers(),
    fetch: globals.fetch?.value,
    console: { ...console },
    hasRuntime: Reflect.get(globalThis, Symbol.for('quantdeck.runtime')) !== undefined,
    listeners: process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
  };
}
