import { expect, it } from 'vitest';
import { chargedParts, countedParts } from '../../lib/domain/spent-parts';

it('parts of what was spent add up to it, whether counted or charged', () => {
  const counted = countedParts({ spentNanoUsd: 10, spentDiskNanoUsd: 2, spentTrafficNanoUsd: 3 });
  expect(counted).toEqual({ machineNanoUsd: 5, diskNanoUsd: 2, trafficNanoUsd: 3 });
  const charge = { instanceId: null, label: null, startsAtMs: 0, endsAtMs: 1 };
  const charges = [
    { ...charge, totalNanoUsd: 10, computeNanoUsd: 4, diskNanoUsd: 1, downloadNanoUsd: 2, uploadNanoUsd: 3 },
    { ...charge, totalNanoUsd: 9, computeNanoUsd: 0, diskNanoUsd: 0, downloadNanoUsd: 0, uploadNanoUsd: 0 },
  ];
  expect(chargedParts(charges)).toEqual({ machineNanoUsd: 13, diskNanoUsd: 1, trafficNanoUsd: 5 });
  expect(chargedParts([])).toEqual({ machineNanoUsd: 0, diskNanoUsd: 0, trafficNanoUsd: 0 });
});
