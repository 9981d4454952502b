import { describe, expect, it } from 'vitest';
import { RENTAL_IMAGE_NAMES, RENTAL_IMAGES } from '../../../lib/domain/rental-image';
import { FakeLayerStore, findFakeImage } from '../../support/fake-vast/fake-images';
import { DEFAULT_TIMELINE } from '../../support/fake-vast/fake-world';
import { rentOn } from '../../support/rent-on-line';
import { providerOn, vastOnFake } from '../../support/vast-on-fake';

const { start } = vastOnFake();
const LLAMA = RENTAL_IMAGES['llama-cpp-full'].reference;
const UBUNTU = RENTAL_IMAGES.ubuntu.reference;
const VAST = RENTAL_IMAGES['vast-base'].reference;
const SETTLED_MS = 2 * DEFAULT_TIMELINE.provisionMs + DEFAULT_TIMELINE.loadMs;
/** 70 % of a line of 1000 Mbit/s, then 50 MB/s. */
const bytesMs = (bytes: number) => bytes / 87_500 + bytes / 50_000;

describe('an image of the fake', () => {
  it('is as large as the product takes it to be', () => {
    for (const name of RENTAL_IMAGE_NAMES) {
      const { reference, wireBytes, hasToolchain } = RENTAL_IMAGES[name];
      const image = findFakeImage(reference);
      if (!image) throw new Error(`the registries have no ${reference}`);
      expect(new FakeLayerStore().missingBytes(1, image), name).toBe(wireBytes);
      expect(image.hasLlamaCpp, name).toBe(hasToolchain);
    }
  });

  it('takes the time of its bytes to load, and is billed for them', async () => {
    const { fake } = await start();
    for (const [reference, bytes] of [
      [UBUNTU, 30_000_000],
      [LLAMA, 1_220_000_000],
      [VAST, 6_200_000_000],
    ] as const) {
      const rented = await rentOn(fake, reference, 1000);
      expect(rented.loadMs / (SETTLED_MS + bytesMs(bytes)), reference).toBeCloseTo(1, 1);
      expect(fake.instance(rented.id).meter.downBytes).toBe(bytes);
    }
  });

  it('is there sooner on a machine that holds it, or a part of it', async () => {
    const { fake } = await start();
    const cold = await rentOn(fake, VAST, 1000);
    const half = await rentOn(fake, VAST, 1000, { holds: VAST, mostLayers: 3 });
    const warm = await rentOn(fake, VAST, 1000, { holds: VAST });
    expect(cold.loadMs - half.loadMs).toBeCloseTo(bytesMs(30e6 + 80e6 + 3000e6), -4);
    expect(warm.loadMs).toBeLessThan(SETTLED_MS + 2000);
    // The one layer of Ubuntu is the lowest of llama.cpp's.
    const shared = await rentOn(fake, LLAMA, 1000, { holds: UBUNTU });
    expect(fake.instance(shared.id).meter.downBytes).toBe(1_190_000_000);
  });

  it('stays on the machine that loaded it', async () => {
    const { fake } = await start();
    const { machineId } = await rentOn(fake, LLAMA, 1000);
    const image = findFakeImage(LLAMA);
    expect(image && fake.world.layers.missingBytes(machineId, image)).toBe(0);
    expect(() => fake.keepImage(machineId, 'nobody/nothing')).toThrow('no registry has nobody/nothing');
  });

  it('that no registry has fails as docker fails, and nothing is billed for it but the disk', async () => {
    const { fake } = await start();
    const vast = providerOn(fake);
    const rented = await rentOn(fake, 'ghcr.io/ggml-org/llama.cpp:full-v9', 1000);
    expect((await vast.find(String(rented.id)))?.statusText).toMatch(/manifest for .* not found: manifest unknown/);
    expect(fake.instance(rented.id).meter).toMatchObject({ downBytes: 0, gpuUsd: 0 });
    expect(findFakeImage('toString')).toBeNull();
  });
});
