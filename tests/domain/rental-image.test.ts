import { describe, expect, it } from 'vitest';
import { chooseImage, estimateReady, readyMs } from '../../lib/domain/choose-image';
import { DEFAULT_CALIBRATION } from '../../lib/domain/rental-calibration';
import { imageOf, RENTAL_IMAGE_NAMES, RENTAL_IMAGES, type RentalImageName } from '../../lib/domain/rental-image';
import { TOOLS_BYTES } from '../../lib/domain/rental-work';
import { TOOLCHAIN_PIN } from '../../lib/toolchain/toolchain-pin';
import { exampleOffer } from '../support/rental-examples';

const MBIT = 1_000_000;
const ready = (image: RentalImageName, change: Parameters<typeof exampleOffer>[0] = {}) =>
  estimateReady(image, exampleOffer(change), DEFAULT_CALIBRATION);
const chosen = (change: Parameters<typeof exampleOffer>[0], ...rest: [RentalImageName[]] | []) =>
  chooseImage(exampleOffer(change), DEFAULT_CALIBRATION, ...rest).image;

describe('the images', () => {
  it('has llama.cpp of no other version than the pinned one', () => {
    const { reference } = RENTAL_IMAGES['llama-cpp-full'];
    expect(reference.endsWith(`:full-${TOOLCHAIN_PIN.version}`)).toBe(true);
    const others = RENTAL_IMAGE_NAMES.filter((name) => RENTAL_IMAGES[name].hasToolchain);
    expect(others).toEqual(['llama-cpp-full']);
  });

  it('fits, with what is installed on it, where the disk has room for tools', () => {
    const installedBytes = TOOLCHAIN_PIN.neededDiskMib * 2 ** 20;
    for (const name of ['llama-cpp-full', 'ubuntu', 'cuda-base'] as const) {
      const { unpackedBytes, hasToolchain } = RENTAL_IMAGES[name];
      expect(unpackedBytes + (hasToolchain ? 0 : installedBytes), name).toBeLessThan(TOOLS_BYTES);
    }
  });

  it('is the one that there was where none was written down', () => {
    expect(imageOf({})).toBe('vast-base');
    expect(imageOf({ image: 'ubuntu' })).toBe('ubuntu');
  });
});

describe('the time until an image is ready', () => {
  it('is loading, starting and proving for one with llama.cpp in it', () => {
    expect(ready('llama-cpp-full', { downBitsPerSecond: 1000 * MBIT })).toEqual({
      image: 'llama-cpp-full',
      downBytes: 1_220_000_000,
      loadMs: Math.ceil(1000 * (25 + 1220 / 87.5 + 1220 / 50)),
      startMs: 30_000,
      setUpMs: 15_000,
    });
  });

  it('has packages, archives and a Python environment in it for a bare one, less for one with its tools', () => {
    const line = { downBitsPerSecond: 1000 * MBIT };
    expect(ready('ubuntu', line)).toMatchObject({
      downBytes: 30_000_000 + 380_000_000,
      setUpMs: Math.ceil(1000 * (380 / 87.5 + 25 + 51 + 15)),
    });
    expect(ready('vast-base', line)).toMatchObject({
      downBytes: 1_240_000_000 + 320_000_000,
      setUpMs: Math.ceil(1000 * (320 / 87.5 + 51 + 15)),
    });
    expect(readyMs(ready('cuda-base', line))).toBeGreaterThan(readyMs(ready('ubuntu', line)));
  });

  it('has compiling in it where no archive runs, the less the more cores there are', () => {
    const arm = { cpuArchitecture: 'arm64', downBitsPerSecond: 1000 * MBIT };
    const difference =
      ready('vast-base', { ...arm, cores: 2 }).setUpMs - ready('vast-base', { ...arm, cores: 16 }).setUpMs;
    expect(difference).toBe(14_000);
    expect(ready('ubuntu', { ...arm, cores: 2 })).toEqual(ready('ubuntu', { ...arm, cores: 16 }));
  });

  it('believes no line above what registries give, and computes as fast as the cores are', () => {
    const [fast, faster] = [2000, 9000].map((line) => ready('ubuntu', { downBitsPerSecond: line * MBIT }));
    expect(faster).toEqual(fast);
    expect(ready('llama-cpp-full', { cpuGhz: 1.5 }).setUpMs).toBe(30_000);
    expect(ready('llama-cpp-full', { cpuGhz: null }).setUpMs).toBe(18_000);
  });

  it('is moved by experience with that image', () => {
    const offer = exampleOffer();
    const images = { ubuntu: { loadFactor: 2, setUpFactor: 0.5 } };
    const moved = estimateReady('ubuntu', offer, { ...DEFAULT_CALIBRATION, images });
    const before = ready('ubuntu');
    expect(moved.loadMs / before.loadMs).toBeCloseTo(2, 2);
    expect(moved.startMs).toBe(2 * before.startMs);
    expect(moved.setUpMs / before.setUpMs).toBeCloseTo(0.5, 3);
  });
});

describe('the image for an offer', () => {
  it('has llama.cpp in it on a fast line, and is bare on a slow one', () => {
    const lines = [50, 100, 150, 200, 500, 800, 5000].map((line) => chosen({ downBitsPerSecond: line * MBIT }));
    expect(lines).toEqual(['ubuntu', 'ubuntu', 'ubuntu', ...Array(4).fill('llama-cpp-full')]);
  });

  it('is bare on a somewhat slower line already when cores are fast: installing is computing', () => {
    const line = { downBitsPerSecond: 180 * MBIT };
    expect([chosen({ ...line, cpuGhz: 3 }), chosen({ ...line, cpuGhz: 5 })]).toEqual(['llama-cpp-full', 'ubuntu']);
  });

  it('is one of those that may be used', () => {
    expect(chosen({}, ['ubuntu', 'vast-base'])).toBe('ubuntu');
    expect(chosen({}, ['vast-base'])).toBe('vast-base');
  });

  it('is another one after experience', () => {
    const images = { 'llama-cpp-full': { loadFactor: 4 } };
    expect(chooseImage(exampleOffer(), { ...DEFAULT_CALIBRATION, images }).image).toBe('ubuntu');
  });

  it('is among equals the one with less traffic, whatever the order', () => {
    // No computing to speak of: what is left of the difference is waited away by factors.
    const offer = exampleOffer();
    const equal = { loadFactor: 0, setUpFactor: 0 };
    const calibration = { ...DEFAULT_CALIBRATION, images: { 'llama-cpp-full': equal, ubuntu: equal } };
    expect(chooseImage(offer, calibration, ['llama-cpp-full', 'ubuntu']).image).toBe('ubuntu');
    expect(chooseImage(offer, calibration, ['ubuntu', 'llama-cpp-full']).image).toBe('ubuntu');
  });
});
