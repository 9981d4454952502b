import { formatSpeed } from '../domain/bytes';
import { formatDuration } from '../domain/duration';
import type { Progress } from '../domain/progress';
import type { HostSample } from '../domain/sample';
import type { StepKind } from '../domain/step-key';
import { activityOf, type HostLoad, recentLoad } from './host-load';

/** Silence after which an idle host is called stuck, and a working one vouched for. Torch imports and hub retries are quiet for a minute or two. */
const STUCK_AFTER_MS = 180_000;
const MAX_DETAIL_LENGTH = 80;

export interface GaugeInput {
  readonly stepKind: StepKind;
  /** Newest last; only the last ten count. */
  readonly samples: readonly HostSample[];
  readonly progress: Progress | null;
  /** Since the last byte of output or change of progress. */
  readonly quietMs: number;
  /** False when other steps of the job run on the host as well: a busy host is no proof of life then. */
  readonly isAlone: boolean;
}

/**
 * One line that says what the step is bound by, or that it is probably stuck; null while there is nothing to say.
 *
 * The GPU is never a reason for a judgement: llama-quantize and the converter compute on the CPU only (llama.cpp's
 * `src/llama-quant.cpp` calls no GPU backend; the converter uses CPU torch), so 0 % GPU is how these steps look when all
 * is well. Idle means: less than about a third of one core, and next to nothing on disk and network.
 */
export function explainGauges(input: GaugeInput): string | null {
  const load = recentLoad(input.samples);
  return explainSilence(input, load) ?? explainBound(input, load);
}

function explainSilence(input: GaugeInput, load: HostLoad): string | null {
  const activity = activityOf(load);
  if (input.quietMs < STUCK_AFTER_MS || activity === 'unknown') return null;
  const silence = `No new output for ${spokenMinutes(input.quietMs)}`;
  if (activity === 'working') {
    const whose = input.isAlone ? '' : ' (on other steps of this job as well)';
    return `${silence}, but the host is working${whose}: ${describeWork(load)}.`;
  }
  return `${silence} and the host is idle: probably stuck${stuckOn(input.progress)}.`;
}

function stuckOn(progress: Progress | null): string {
  const thing = progress?.detail ?? progress?.phase ?? '';
  return thing === '' ? '' : ` on ${thing.slice(0, MAX_DETAIL_LENGTH)}`;
}

function spokenMinutes(durationMs: number): string {
  const minutes = Math.floor(durationMs / 60_000);
  if (minutes >= 60) return formatDuration(durationMs);
  return `${minutes} minutes`;
}

function explainBound(input: GaugeInput, load: HostLoad): string | null {
  switch (input.stepKind) {
    case 'prepare-host':
      return explainPreparing(load);
    case 'fetch-model':
      return explainFetching(input.progress, load);
    case 'convert-model':
      return explainConverting(load);
    case 'quantize':
      return load.cpuPercent === null ? null : `Quantizing runs on the CPU: 0 % GPU is normal. ${coresBusy(load)}`;
    case 'imatrix':
      return load.cpuPercent === null
        ? null
        : `Measuring the importance matrix with llama.cpp on the CPU. ${coresBusy(load)}`;
    case 'checksum':
      return load.diskReadRate === null
        ? null
        : `Hashing is one thread and the disk: reading ${formatSpeed(load.diskReadRate)}.`;
    case 'verify':
      return load.cpuPercent === null
        ? null
        : `Loading the file and generating text with llama.cpp on the CPU. ${coresBusy(load)}`;
    case 'bring-home': {
      const speed = input.progress?.speedBytesPerSecond ?? load.sendRate;
      return speed === null
        ? null
        : `Bringing home is bound by the network from the host to here: ${formatSpeed(speed)}.`;
    }
    case 'rent-host':
    case 'inspect-model':
    case 'repair-model':
    case 'release-host':
      return null;
  }
}

function explainPreparing(load: HostLoad): string | null {
  if (load.cpuPercent !== null && (load.cpuPercent >= 60 || (load.busyCores ?? 0) >= 2)) {
    return `Building runs on the CPU: 0 % GPU is normal. ${coresBusy(load)}`;
  }
  if ((load.receiveRate ?? 0) >= 512 * 1024)
    return `Installing is bound by the network: ${formatSpeed(load.receiveRate ?? 0)}.`;
  if ((load.diskWriteRate ?? 0) >= 8 * 1024 * 1024)
    return `Installing is bound by the disk: writing ${formatSpeed(load.diskWriteRate ?? 0)}.`;
  return null;
}

function explainFetching(progress: Progress | null, load: HostLoad): string | null {
  const isHashing = /hash|check|verif/i.test(progress?.phase ?? '');
  if (isHashing && load.diskReadRate !== null && load.diskReadRate > (load.receiveRate ?? 0)) {
    return `Checking hashes is one thread and the disk: reading ${formatSpeed(load.diskReadRate)}.`;
  }
  const speed = progress?.speedBytesPerSecond ?? load.receiveRate;
  return speed === null ? null : `Downloading is bound by the network: ${formatSpeed(speed)}.`;
}

function explainConverting(load: HostLoad): string | null {
  if (load.diskWriteRate === null) {
    return load.cpuPercent === null
      ? null
      : `Converting is one thread and the disk: 0 % GPU is normal. ${coresBusy(load)}`;
  }
  return `Converting is one thread and the disk: writing ${formatSpeed(load.diskWriteRate)}.`;
}

/** "All 8 cores busy." / "6 of 8 cores busy." / "97 % of the CPU in use." where the cores are not told apart. */
function coresBusy(load: HostLoad): string {
  if (load.busyCores === null || load.coreCount === 0)
    return `${Math.round(load.cpuPercent ?? 0)} % of the CPU in use.`;
  if (load.coreCount === 1)
    return load.busyCores >= 0.9
      ? 'Its one core is busy.'
      : `Its one core is ${Math.round(load.busyCores * 100)} % busy.`;
  if (load.busyCores >= load.coreCount * 0.9) return `All ${load.coreCount} cores busy.`;
  return `${Math.max(1, Math.round(load.busyCores))} of ${load.coreCount} cores busy.`;
}

function describeWork(load: HostLoad): string {
  const parts = [`${Math.round(load.cpuPercent ?? 0)} % CPU`];
  const disk = (load.diskReadRate ?? 0) + (load.diskWriteRate ?? 0);
  if (disk >= 1024 * 1024) parts.push(`disk ${formatSpeed(disk)}`);
  const network = (load.receiveRate ?? 0) + (load.sendRate ?? 0);
  if (network >= 1024 * 1024) parts.push(`network ${formatSpeed(network)}`);
  return parts.join(', ');
}
