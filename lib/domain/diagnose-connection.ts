import { connectionCause } from './connection-cause';
import {
  CONNECTION_LAYERS,
  type CommandSeen,
  type ConnectionCause,
  type ConnectionFinding,
  type ConnectionFix,
  type ConnectionLayer,
  type ConnectionObservation,
  type ConnectionReport,
  type ConnectionSeen,
  type LayerReport,
  type RentalContext,
} from './connection-report';
import { CAUSE_WORDS } from './connection-words';
import { ignoredKeysLines } from './container-log';
import type { Failure } from './failure';
import { describeKeyText } from './key-text';

const MOST_EVIDENCE_LINES = 12;
/** For rented machines the service is asked for the address, so that no person has to paste it; for others it cannot be. */
const RENTAL_FIXES: readonly ConnectionFix[] = ['attach-key', 'follow-endpoint'];

/** Whether it ended where a rental service, asked for address and keys, could say more about the cause. */
export function rentalMatters({ stopped }: ConnectionObservation): boolean {
  return stopped !== null && ['name', 'tcp', 'greeting', 'host-key', 'login'].includes(stopped.layer);
}

/**
 * The report of a test: how far it came, and, where it ended, the cause with its evidence, words and what can be done.
 *
 * @param rental what the service says of a rented instance; null for any other host.
 */
export function diagnoseConnection(
  observation: ConnectionObservation,
  rental: RentalContext | null,
  tried: ConnectionReport['tried'] = null,
): ConnectionReport {
  const finding = findingOf(observation, rental);
  return {
    layers: CONNECTION_LAYERS.map((layer) => layerReport(layer, observation, finding)),
    finding,
    shownFingerprint: observation.seen.shownFingerprint,
    tried,
  };
}

/** The failure of an instance whose test ended before its end: what is told wherever there is no room for a report. */
export function connectionFailure({ stopped }: ConnectionObservation, { finding }: ConnectionReport): Failure | null {
  if (stopped === null || finding === null) return null;
  if (finding.cause === 'unexplained') return stopped.failure;
  const { what, why, remedy, evidence } = finding;
  return { ...stopped.failure, message: `${what} ${why}`, remedy, evidence };
}

function layerReport(
  layer: ConnectionLayer,
  { passed, stopped, seen, target }: ConnectionObservation,
  finding: ConnectionFinding | null,
): LayerReport {
  const done = passed.find((one) => one.layer === layer);
  if (done) {
    const state = finding?.layer === layer ? 'warned' : 'ok';
    return { layer, state, durationMs: Math.round(done.durationMs), seen: SEEN_AT[layer](seen, target.auth) };
  }
  if (stopped?.layer === layer) {
    return { layer, state: 'failed', durationMs: Math.round(stopped.durationMs), seen: null };
  }
  return { layer, state: 'not-reached', durationMs: null, seen: null };
}

const SEEN_AT: Readonly<Record<ConnectionLayer, (seen: ConnectionSeen, auth: 'key' | 'password') => string | null>> = {
  'own-key': ({ keyType }, auth) => (auth === 'password' ? 'password' : keyType),
  name: ({ address }) => address,
  tcp: () => null,
  greeting: ({ greeting }) => greeting,
  'host-key': ({ shownFingerprint }) => shownFingerprint,
  login: ({ banner }) => (banner === '' ? null : banner),
  command: () => null,
  files: () => null,
  host: () => null,
};

function findingOf(observation: ConnectionObservation, rental: RentalContext | null): ConnectionFinding | null {
  const { stopped, seen } = observation;
  if (stopped !== null) {
    const cause = connectionCause(stopped, observation, rental);
    const lines = evidenceOf(cause, stopped, observation, rental);
    const evidence = lines.length > 0 ? lines : [stopped.failure.message];
    return describe(cause, stopped.layer, true, evidence, observation, rental);
  }
  const noise = seen.command?.before ?? [];
  if (noise.length === 0) return null;
  const found = describe('shell-noise', 'command', false, noise, observation, rental);
  // Our own commands are framed by a mark, and its SFTP server was not disturbed.
  return { ...found, why: `${found.why} Quantdeck reads past it; scp, rsync and other programs may not.` };
}

function describe(
  cause: ConnectionCause,
  layer: ConnectionLayer,
  isBlocking: boolean,
  evidence: readonly string[],
  { target }: ConnectionObservation,
  rental: RentalContext | null,
): ConnectionFinding {
  const words = CAUSE_WORDS[cause];
  const address = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
  const values: Readonly<Record<string, string>> = { ...target, port: String(target.port), address };
  const fill = (text: string) =>
    text.replace(/\{(user|host|port|address)\}/g, (_, name: string) => values[name] as string);
  const fixes: readonly ConnectionFix[] = 'fixes' in words ? words.fixes : [];
  return {
    cause,
    layer,
    isBlocking,
    what: fill(words.what),
    why: fill(words.why),
    remedy: fill(words.remedy),
    evidence: evidence.filter((line) => line !== '').slice(0, MOST_EVIDENCE_LINES),
    fixes: fixes.filter((fix) => (rental === null ? !RENTAL_FIXES.includes(fix) : fix !== 'use-command')),
  };
}

/** What shows the cause, most telling first. */
function evidenceOf(
  cause: ConnectionCause,
  stopped: NonNullable<ConnectionObservation['stopped']>,
  { seen, target }: ConnectionObservation,
  rental: RentalContext | null,
): readonly string[] {
  const own = stopped.failure.evidence;
  const { command } = seen;
  const places = rental?.endpoints ?? [];
  const keys = rental?.keys ?? [];
  const log = rental?.log ?? [];
  if (cause === 'endpoint-moved') {
    return [
      `tried: ${target.host}:${target.port}`,
      ...places.map(({ host, port }) => `the service says: ${host}:${port}`),
    ];
  }
  if (cause === 'key-path-registered' || cause === 'key-not-attached') {
    return [...(keys.length === 0 ? ['registered: none'] : keys.map(registeredKey)), ...ourKey(seen), ...own];
  }
  if (cause === 'key-list-ignored') {
    return [...ignoredKeysLines(log).map((line) => `the machine wrote: ${line}`), ...ourKey(seen), ...own];
  }
  if (stopped.layer === 'login') {
    return [...own, ...ourKey(seen), ...(seen.banner === '' ? [] : [`it said: ${seen.banner}`])];
  }
  if (command !== null && stopped.layer === 'command') return [...commandLines(command), ...own];
  if (command !== null && cause === 'shell-noise') return [...command.before, ...own];
  return cause === 'host-unusable' || cause === 'unexplained' ? [stopped.failure.message, ...own] : own;
}

function commandLines({ before, after, errors, isInTime, exitCode }: CommandSeen): string[] {
  const end = isInTime ? `exit code: ${exitCode ?? 'none'}` : 'it did not end in time';
  return [...before, ...after, ...errors, end];
}

function ourKey({ publicKey }: ConnectionSeen): string[] {
  return publicKey === null ? [] : [`our key: ${publicKey.slice(0, 120)}`];
}

/** Shown are public keys and file names only: what else somebody typed there may be a private key. */
function registeredKey(text: string): string {
  const kind = describeKeyText(text);
  if (kind !== 'public' && kind !== 'path') return 'registered: a text that is no public key';
  const line = text.trim().slice(0, kind === 'public' ? 60 : 120);
  return `registered: ${line.replace(/[^\x20-\x7e]/g, '?')}`;
}
