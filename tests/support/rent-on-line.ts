import type { FakeVast } from './fake-vast/fake-vast';
import { orderFor, providerOn } from './vast-on-fake';

export interface RentedOnLine {
  readonly id: number;
  readonly machineId: number;
  /** From the order until the container ran, or until nothing more came of it. */
  readonly loadMs: number;
}

let labels = 0;

/**
 * Rents a machine with a line of so many Mbit/s, on which nobody was before, and lets time pass until its container runs.
 * @param kept what the machine holds from others
 */
export async function rentOn(
  fake: FakeVast,
  image: string,
  megabits: number,
  kept: { readonly holds?: string; readonly mostLayers?: number; readonly publicKey?: string } = {},
): Promise<RentedOnLine> {
  labels += 1;
  const machineId = 900_000 + labels;
  const example = fake.world.offers[0];
  if (!example) throw new Error('the market is empty');
  const id = 90_000_000 + labels;
  fake.world.offers.push({ ...example, id, machine_id: machineId, inet_down: megabits, rented: false });
  if (kept.holds) fake.keepImage(machineId, kept.holds, kept.mostLayers);
  const vast = providerOn(fake);
  if (kept.publicKey) await vast.addAccountKey(kept.publicKey);
  const order = await orderFor(vast, `quantdeck:line:${labels}`, { image, offerId: String(id) });
  const { instanceId } = await vast.rent(order);
  const instance = fake.instance(instanceId);
  for (let waitedMs = 0; waitedMs < 3_600_000 && instance.actual !== 'running'; waitedMs += 500) {
    if (instance.statusText?.includes('Error')) break;
    await fake.clock.advance(500);
  }
  return { id: instance.id, machineId, loadMs: fake.clock.nowMs() - instance.createdAtMs };
}
