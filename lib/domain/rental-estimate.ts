import { chooseImage, type ReadyEstimate } from './choose-image';
import { costOfTime, costOfTraffic, storageNanoUsdPerHour } from './money';
import { cpuSpeedOf, type Offer } from './offer';
import type { RentalCalibration } from './rental-calibration';
import { RENTAL_IMAGE_NAMES, type RentalImageName } from './rental-image';
import { diskNeedGb, type RentalWork } from './rental-work';

/** What a job on an offer will take and cost, by parts that a person can check. */
export interface RentalEstimate {
  readonly diskGb: number;
  /** What to rent it with: ready first on this offer. Missing in what was written down before images were chosen. */
  readonly image?: RentalImageName | undefined;
  readonly times: RentalTimes;
  /** The machine is there and runs: billed at the full rate. */
  readonly runningMs: number;
  /** From renting to giving back. */
  readonly totalMs: number;
  readonly costs: RentalCosts;
  readonly totalNanoUsd: number;
  readonly lowNanoUsd: number;
  readonly highNanoUsd: number;
  /** Machine and disk together, while it runs. */
  readonly nanoUsdPerHour: number;
}

export interface RentalTimes {
  /** Loading the image; the GPU is not billed. */
  readonly loadMs: number;
  /** From the container's start to the first answer by SSH. */
  readonly startMs: number;
  readonly setUpMs: number;
  /** Fetching the checkpoint, or waiting until the dashboard has sent it. */
  readonly downloadMs: number;
  readonly convertMs: number;
  readonly imatrixMs: number;
  readonly quantizeMs: number;
  readonly bringHomeMs: number;
  readonly slackMs: number;
}

export interface RentalCosts {
  readonly computeNanoUsd: number;
  readonly diskNanoUsd: number;
  readonly downloadNanoUsd: number;
  readonly uploadNanoUsd: number;
}

/** Packets that are sent again count too. */
const UPLOAD_OVERHEAD_PERCENT = 102;
/** A base file larger than this share of memory is read from the disk again for every output. */
const CACHED_SHARE = 0.6;

/**
 * Time and money of a job on an offer. Null when the machine has no line to speak of, or no cores: then nothing can be
 * said, and it must not look cheap.
 * @param images those that may be used: the one that is ready first is
 */
export function estimateRental(
  offer: Offer,
  work: RentalWork,
  calibration: RentalCalibration,
  images: readonly RentalImageName[] = RENTAL_IMAGE_NAMES,
): RentalEstimate | null {
  if (offer.downBitsPerSecond <= 0 || offer.upBitsPerSecond <= 0 || offer.cores <= 0) return null;
  const diskGb = diskNeedGb(work);
  const ready = chooseImage(offer, calibration, images);
  const times = timesOf(offer, work, calibration, ready);
  const { loadMs, ...running } = times;
  const runningMs = Object.values(running).reduce((sum, ms) => sum + ms, 0);
  const diskPerHour = storageNanoUsdPerHour(offer.storageNanoUsdPerGbMonth, diskGb);
  const traffic = {
    // Whether loading the image is metered is not published: the dearer answer is assumed.
    downloadNanoUsd: costOfTraffic(offer.downNanoUsdPerGb, work.sourceBytes + ready.downBytes),
    uploadNanoUsd: costOfTraffic(
      offer.upNanoUsdPerGb,
      Math.ceil((work.broughtHomeBytes * UPLOAD_OVERHEAD_PERCENT) / 100),
    ),
  };
  const costsFor = (factor: number): RentalCosts => ({
    computeNanoUsd: costOfTime(offer.baseNanoUsdPerHour, Math.round(runningMs * factor)),
    diskNanoUsd: costOfTime(diskPerHour, Math.round((runningMs + loadMs) * factor)),
    ...traffic,
  });
  return {
    diskGb,
    image: ready.image,
    times,
    runningMs,
    totalMs: loadMs + runningMs,
    costs: costsFor(1),
    totalNanoUsd: sumOf(costsFor(1)),
    lowNanoUsd: sumOf(costsFor(calibration.fastFactor)),
    highNanoUsd: sumOf(costsFor(calibration.slowFactor)),
    nanoUsdPerHour: offer.baseNanoUsdPerHour + diskPerHour,
  };
}

function timesOf(
  offer: Offer,
  work: RentalWork,
  calibration: RentalCalibration,
  { loadMs, startMs, setUpMs }: ReadyEstimate,
): RentalTimes {
  const down = calibration.downShare * offer.downBitsPerSecond;
  const up = calibration.upShare * offer.upBitsPerSecond;
  const speed = cpuSpeedOf(offer);
  const read = offer.diskBytesPerSecond || calibration.diskBytesPerSecond;
  const write = read * calibration.diskWriteShare;
  return {
    loadMs,
    startMs,
    setUpMs,
    downloadMs: milliseconds((8 * work.sourceBytes) / Math.min(down, originBitsPerSecond(work, calibration))),
    convertMs: milliseconds(
      Math.max(
        work.sourceBytes / (calibration.convertBytesPerSecond * speed),
        work.sourceBytes / read + work.baseBytes / write,
      ),
    ),
    imatrixMs: milliseconds(imatrixSeconds(offer, work, calibration, speed)),
    quantizeMs: milliseconds(quantizeSeconds(offer, work, calibration, { speed, read, write })),
    bringHomeMs: milliseconds((8 * work.broughtHomeBytes) / Math.min(up, calibration.homeBitsPerSecond)),
    slackMs: calibration.slackMs,
  };
}

/** What a checkpoint comes with at the other end of the machine's line. */
function originBitsPerSecond({ sourceFrom }: RentalWork, calibration: RentalCalibration): number {
  return sourceFrom === 'hub' ? calibration.hubBitsPerSecond : calibration.homeSendBitsPerSecond;
}

function quantizeSeconds(
  offer: Offer,
  work: RentalWork,
  calibration: RentalCalibration,
  { speed, read, write }: { speed: number; read: number; write: number },
): number {
  const cores = Math.min(offer.cores, calibration.mostCores) ** calibration.coreExponent * speed;
  const reading = work.baseBytes > CACHED_SHARE * offer.memoryBytes ? work.baseBytes / read : 0;
  return work.outputs.reduce((sum, { type, sizeBytes }) => {
    const perBillion = calibration.quantizeSecondsPerBillion[type] ?? calibration.otherQuantizeSecondsPerBillion;
    const computing = ((work.parameterCount / 1e9) * perBillion) / cores;
    return sum + Math.max(computing, reading + sizeBytes / write);
  }, 0);
}

/** Two operations for each parameter and token, on the cores: the llama.cpp that is used here was built without GPUs. */
function imatrixSeconds(offer: Offer, work: RentalWork, calibration: RentalCalibration, speed: number): number {
  if (work.imatrixTokens === null) return 0;
  const operations = 2 * work.parameterCount * work.imatrixTokens;
  return operations / (calibration.coreGigaflops * 1e9 * Math.min(offer.cores, calibration.mostCores) * speed);
}

function milliseconds(seconds: number): number {
  return Math.ceil(seconds * 1000);
}

function sumOf(costs: RentalCosts): number {
  return costs.computeNanoUsd + costs.diskNanoUsd + costs.downloadNanoUsd + costs.uploadNanoUsd;
}
