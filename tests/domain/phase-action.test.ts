import { expect, it } from 'vitest';
import { phaseAction } from '../../lib/domain/phase-action';
import { exampleRecord, exampleSeen, exampleSight, exampleTry, NOW_MS } from '../support/rental-cases';

const NEW = { id: 'try-1', from: 'there', phaseSinceMs: NOW_MS, failingSinceMs: null, failingWith: null };

it('is written when a machine is seen in another phase, and lets the past go', () => {
  const record = exampleRecord({ tries: [exampleTry({ phase: null }), exampleTry({ id: 'former', state: 'gone' })] });
  expect(phaseAction(record, exampleSight())).toEqual({
    kind: 'write',
    change: { attempt: { ...NEW, phase: 'running' } },
  });
  const started = exampleRecord({ startAskedAtMs: NOW_MS - 1000 });
  const exited = exampleSight({}, exampleSeen({ actualStatus: 'exited' }));
  expect(phaseAction(started, exited)).toMatchObject({ change: { attempt: { ...NEW, phase: 'starting-again' } } });
});

it('is not written at every look, nor when the machine is not seen', () => {
  expect(phaseAction(exampleRecord(), exampleSight())).toBeNull();
  const other = exampleRecord({ tries: [exampleTry({ phase: 'loading' })] });
  expect(phaseAction(other, exampleSight({ list: null }))).toBeNull();
  expect(phaseAction(other, exampleSight({ list: { readAtMs: NOW_MS, instances: [] } }))).toBeNull();
  expect(phaseAction(exampleRecord({ tries: [] }), exampleSight())).toBeNull();
});
