import type { QuantizationType } from './quantization-types';
import type { RentalImageName } from './rental-image';

/** How many times longer an image took than its facts say; what is not named went as they say. */
export interface ImageExperience {
  /** Until the first answer by SSH. */
  readonly loadFactor?: number;
  /** From there until llama.cpp was ready. */
  readonly setUpFactor?: number;
}

/**
 * What an estimate is made with beside an offer's own figures. Defaults below; finished jobs replace them. Advertised
 * speeds are what a machine once measured, so only a share of them is counted on.
 */
export interface RentalCalibration {
  readonly downShare: number;
  readonly upShare: number;
  /** What the hub gives one host, and what the dashboard's own line takes. */
  readonly hubBitsPerSecond: number;
  readonly homeBitsPerSecond: number;
  /** What the dashboard's own line sends: a checkpoint in a folder of its machine comes no faster. */
  readonly homeSendBitsPerSecond: number;
  /** One thread at 3 GHz. */
  readonly convertBytesPerSecond: number;
  /** Core seconds at 3 GHz for a billion parameters. */
  readonly quantizeSecondsPerBillion: Readonly<Partial<Record<QuantizationType, number>>>;
  /** For types that are not named. */
  readonly otherQuantizeSecondsPerBillion: number;
  /** More cores help less and less: `cores ** coreExponent`, up to `mostCores`. */
  readonly coreExponent: number;
  readonly mostCores: number;
  /** Writing, as a share of the advertised reading speed. */
  readonly diskWriteShare: number;
  /** For a machine that does not say how fast its disk is. */
  readonly diskBytesPerSecond: number;
  /** Arithmetic that an importance matrix gets out of a core at 3 GHz. */
  readonly coreGigaflops: number;
  /** Of each image alone: one that has llama.cpp in it says nothing about installing it. */
  readonly images: Readonly<Partial<Record<RentalImageName, ImageExperience>>>;
  readonly slackMs: number;
  /** What an hour of waiting is worth to the person. */
  readonly waitingNanoUsdPerHour: number;
  /** The real time is expected between these multiples of the estimate. */
  readonly fastFactor: number;
  readonly slowFactor: number;
}

/**
 * Quantizing was measured for one model of a billion parameters (within a factor of two on a noisy machine); converting is
 * one thread of Python. Lines at home send less than they take. Nothing is known of a particular host or line before its
 * first job.
 */
export const DEFAULT_CALIBRATION: RentalCalibration = {
  downShare: 0.7,
  upShare: 0.7,
  hubBitsPerSecond: 1_600_000_000,
  homeBitsPerSecond: 100_000_000,
  homeSendBitsPerSecond: 40_000_000,
  convertBytesPerSecond: 200_000_000,
  quantizeSecondsPerBillion: {
    Q4_0: 7,
    Q8_0: 9,
    Q6_K: 44,
    Q3_K_M: 49,
    Q2_K: 61,
    Q5_K_M: 76,
    Q4_K_M: 93,
    IQ4_XS: 282,
  },
  otherQuantizeSecondsPerBillion: 100,
  coreExponent: 0.85,
  mostCores: 32,
  diskWriteShare: 0.7,
  diskBytesPerSecond: 500_000_000,
  coreGigaflops: 20,
  images: {},
  slackMs: 60_000,
  waitingNanoUsdPerHour: 500_000_000,
  fastFactor: 0.7,
  slowFactor: 1.8,
};
