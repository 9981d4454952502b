import { cpuSpeedOf, type Offer } from './offer';
import { DEFAULT_CALIBRATION, type RentalCalibration } from './rental-calibration';
import { RENTAL_IMAGE_NAMES, RENTAL_IMAGES, type RentalImage, type RentalImageName } from './rental-image';

/** How long it takes until a machine can convert, by what has to happen one after the other. */
export interface ReadyTimes {
  /** Fetching and unpacking what the machine lacks of the image. The GPU is not billed. */
  readonly loadMs: number;
  /** From the container's start until SSH lets us in. */
  readonly startMs: number;
  /** From then on until llama.cpp is proven to work. */
  readonly setUpMs: number;
}

export interface ReadyEstimate extends ReadyTimes {
  readonly image: RentalImageName;
  /** Into the machine, of the image and of what is installed on it. */
  readonly downBytes: number;
}

/** Beside its bytes: about half a minute is said of an image that is there already, most of it this. */
const LOAD_SECONDS = 25;
/** Unpacking is one thread per layer and a disk: packed bytes in a second, assumed. */
const UNPACK_BYTES_PER_SECOND = 50_000_000;
/** What registries of images and of packages give one host; assumed. */
const REGISTRY_BITS_PER_SECOND = 800_000_000;
/** The service puts its SSH server into every image by itself, none of these has one; assumed to take the same in all. */
const START_SECONDS = 30;

/** Python 3, its venv, curl and certificates by apt-get, lists included; assumed. */
const APT_BYTES = 60_000_000;
const APT_SECONDS = 25;
/** A release's programs (30 MB) and the source of its tag, for the converter; assumed from npm's copies of both. */
const ARCHIVE_BYTES = 70_000_000;
/** The same as npm packages: 35.7 and 10.8 MB, measured. Six programs are compiled against them: 16 s with two cores. */
const PREBUILT_BYTES = 46_500_000;
const COMPILE_CORE_SECONDS = 32;
/** PyTorch for CPUs is 192 of them (measured), the other 26 packages the rest. */
const WHEEL_BYTES = 250_000_000;
/** Making the environment (6 s), finding out what belongs in it (13 s), installing it (32 s): measured, without downloads. */
const PYTHON_SECONDS = 51;
/** 5 s were measured with everything in memory; a fresh machine reads PyTorch from its disk first. */
const PROVE_SECONDS = 15;
/** Of llama.cpp's archives, by the machines that build them; its ready libraries on npm need the first for both. */
const ARCHIVE_GLIBC = { amd64: 2.34, arm64: 2.38 } as const;

/**
 * How long an image takes to be ready on an offer: load, start, then llama.cpp found in it or put on it. Experience with an
 * image moves what is said of that image only.
 * @param offer with a line and cores
 */
export function estimateReady(image: RentalImageName, offer: Offer, calibration: RentalCalibration): ReadyEstimate {
  const facts = RENTAL_IMAGES[image];
  // Not the share that fetching models has taught: what was learnt of loading has it in it.
  const line = Math.min(DEFAULT_CALIBRATION.downShare * offer.downBitsPerSecond, REGISTRY_BITS_PER_SECOND);
  const missingBytes = Math.round(facts.wireBytes * (1 - facts.keptShare));
  const setUp = facts.hasToolchain ? { bytes: 0, seconds: PROVE_SECONDS } : installation(facts, offer);
  const { loadFactor = 1, setUpFactor = 1 } = calibration.images[image] ?? {};
  const loadSeconds = LOAD_SECONDS + (8 * missingBytes) / line + missingBytes / UNPACK_BYTES_PER_SECOND;
  const setUpSeconds = (8 * setUp.bytes) / line + setUp.seconds / cpuSpeedOf(offer);
  return {
    image,
    downBytes: missingBytes + setUp.bytes,
    loadMs: milliseconds(loadSeconds * loadFactor),
    startMs: milliseconds(START_SECONDS * loadFactor),
    setUpMs: milliseconds(setUpSeconds * setUpFactor),
  };
}

/** What the toolchain step fetches, and what it computes at 3 GHz, where the image has no llama.cpp. */
function installation(facts: RentalImage, offer: Offer): { readonly bytes: number; readonly seconds: number } {
  const floor = offer.cpuArchitecture === 'arm64' ? ARCHIVE_GLIBC.arm64 : ARCHIVE_GLIBC.amd64;
  const hasArchive = facts.glibc >= floor;
  const lacksTools = !(facts.hasPython && facts.hasCurl);
  return {
    bytes: (lacksTools ? APT_BYTES : 0) + (hasArchive ? ARCHIVE_BYTES : PREBUILT_BYTES) + WHEEL_BYTES,
    seconds:
      (lacksTools ? APT_SECONDS : 0) +
      (hasArchive ? 0 : COMPILE_CORE_SECONDS / offer.cores) +
      PYTHON_SECONDS +
      PROVE_SECONDS,
  };
}

/**
 * The image that is ready first on an offer, among equals the one with less traffic. It does depend on the offer: llama.cpp's
 * image has nothing to install and 800 MB more to fetch, which pays from about 170 Mbit/s on.
 * @param images those that may be used, at least one
 */
export function chooseImage(
  offer: Offer,
  calibration: RentalCalibration,
  images: readonly RentalImageName[] = RENTAL_IMAGE_NAMES,
): ReadyEstimate {
  return images
    .map((image) => estimateReady(image, offer, calibration))
    .reduce((best, each) => ((readyMs(each) - readyMs(best) || each.downBytes - best.downBytes) < 0 ? each : best));
}

/** From asking for a machine until it can convert. */
export function readyMs({ loadMs, startMs, setUpMs }: ReadyTimes): number {
  return loadMs + startMs + setUpMs;
}

function milliseconds(seconds: number): number {
  return Math.ceil(seconds * 1000);
}
