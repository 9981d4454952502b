import { actualShare, type EstimateSpread, spreadOf } from './estimate-spread';
import type { Offer } from './offer';
import { DEFAULT_CALIBRATION, type ImageExperience, type RentalCalibration } from './rental-calibration';
import { estimateRental } from './rental-estimate';
import { imageOf, type RentalImageName } from './rental-image';
import { expectedMs, type MeasuredPart, type RentalOutcome } from './rental-outcome';

/** What to reckon an offer with. */
export type CalibrationOf = (offer: Pick<Offer, 'machineId'>) => RentalCalibration;

/** What constants are learned from: a checkpoint that the dashboard sends says nothing of the hub's line. */
type LearnedPart = MeasuredPart | 'sendMs';

/** How one outcome went: for each part, how many times longer it took than the defaults say, with the image it had. */
type Ratios = Readonly<Partial<Record<LearnedPart, number>>> & { readonly image?: RentalImageName };

interface Known {
  readonly outcome: RentalOutcome;
  readonly machineId: string;
  readonly ratios: Ratios;
}

/** No experience makes a part more than this many times slower or faster: one odd job must not rule out every offer. */
const MOST_FACTOR = 4;
/** Shorter estimates are made of rounding and of starting programs, and say nothing about speeds. */
const LEAST_PREDICTED_MS = 1000;

/**
 * What finished jobs teach about the next: each constant moved by the median of how far the defaults were off, and the
 * range of an estimate by how far apart jobs then still were. A machine that was rented before is reckoned by its own
 * jobs, any other by all of them; without any the defaults hold.
 */
export function calibrate(outcomes: readonly RentalOutcome[]): CalibrationOf {
  const known = outcomes.map((outcome) => ({
    outcome,
    machineId: outcome.offer.machineId,
    ratios: ratiosOf(outcome),
  }));
  const everywhere = { ...calibrationFrom(known.map(({ ratios }) => ratios)), ...spreadLearned(known) };
  const machines = new Map<string, RentalCalibration>();
  for (const { machineId } of known) {
    if (machines.has(machineId)) continue;
    const own = known.filter((each) => each.machineId === machineId).map(({ ratios }) => ratios);
    machines.set(machineId, calibrationFrom(own, everywhere));
  }
  return ({ machineId }) => machines.get(machineId) ?? everywhere;
}

/** Each job held against what all the others teach of it: held against itself, no job would ever be far off. */
function spreadLearned(known: readonly Known[]): EstimateSpread {
  const shares = known.flatMap((each) => {
    const others = known.filter((other) => other !== each);
    const everywhere = calibrationFrom(others.map(({ ratios }) => ratios));
    const own = others.filter(({ machineId }) => machineId === each.machineId).map(({ ratios }) => ratios);
    const { offer, work } = each.outcome;
    const image = imageOf(each.outcome.predicted);
    const predicted = estimateRental(offer, work, calibrationFrom(own, everywhere), [image]);
    return (predicted && actualShare(each.outcome, predicted)) ?? [];
  });
  return spreadOf(shares);
}

/** Against the defaults, whatever the estimate of then was made with: else experience would count twice. */
function ratiosOf({ offer, work, times, predicted: then }: RentalOutcome): Ratios {
  const image = imageOf(then);
  const predicted = estimateRental(offer, work, DEFAULT_CALIBRATION, [image])?.times;
  if (!predicted) return {};
  const parts = Object.keys(times) as MeasuredPart[];
  const measured = parts.flatMap((part) => {
    const actualMs = times[part];
    const predictedMs = expectedMs(part, predicted);
    if (actualMs === null || actualMs <= 0 || predictedMs < LEAST_PREDICTED_MS) return [];
    const learned = part === 'downloadMs' && work.sourceFrom === 'dashboard' ? 'sendMs' : part;
    return [[learned, Math.min(MOST_FACTOR, Math.max(1 / MOST_FACTOR, actualMs / predictedMs))]];
  });
  return { ...Object.fromEntries(measured), image };
}

/** `fallback` for the parts that none of these measured. */
function calibrationFrom(
  ratios: readonly Ratios[],
  fallback: RentalCalibration = DEFAULT_CALIBRATION,
): RentalCalibration {
  const base = DEFAULT_CALIBRATION;
  const of = (part: LearnedPart) => medianOf(ratios.flatMap((each) => each[part] ?? []));
  const download = of('downloadMs');
  const send = of('sendMs');
  const home = of('bringHomeMs');
  const convert = of('convertMs');
  const quantize = of('quantizeMs');
  const imatrix = of('imatrixMs');
  return {
    ...fallback,
    ...(download && {
      downShare: Math.min(1, base.downShare / download),
      hubBitsPerSecond: base.hubBitsPerSecond / download,
    }),
    ...(send && { homeSendBitsPerSecond: base.homeSendBitsPerSecond / send }),
    ...(home && { upShare: Math.min(1, base.upShare / home), homeBitsPerSecond: base.homeBitsPerSecond / home }),
    ...(convert && { convertBytesPerSecond: base.convertBytesPerSecond / convert }),
    ...(quantize && {
      quantizeSecondsPerBillion: Object.fromEntries(
        Object.entries(base.quantizeSecondsPerBillion).map(([type, seconds]) => [type, seconds * quantize]),
      ),
      otherQuantizeSecondsPerBillion: base.otherQuantizeSecondsPerBillion * quantize,
    }),
    ...(imatrix && { coreGigaflops: base.coreGigaflops / imatrix }),
    images: imagesFrom(ratios, fallback.images),
  };
}

/** What was measured of an image moves that image only. */
function imagesFrom(ratios: readonly Ratios[], fallback: RentalCalibration['images']): RentalCalibration['images'] {
  const images: Partial<Record<RentalImageName, ImageExperience>> = { ...fallback };
  for (const name of new Set(ratios.flatMap(({ image }) => image ?? []))) {
    const own = ratios.filter(({ image }) => image === name);
    const load = medianOf(own.flatMap(({ loadMs }) => loadMs ?? []));
    const setUp = medianOf(own.flatMap(({ setUpMs }) => setUpMs ?? []));
    if (load === null && setUp === null) continue;
    images[name] = { ...fallback[name], ...(load && { loadFactor: load }), ...(setUp && { setUpFactor: setUp }) };
  }
  return images;
}

function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}
