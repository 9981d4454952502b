import { FailureError, isFailureError } from '../../domain/failure';
import { nanoUsdOf } from '../../domain/money';
import { memoryShare } from '../../domain/offer';
import { rentalEndpoints } from '../../domain/rental-endpoint';
import type { RentalGauges, RentedInstance } from '../../domain/rented-instance';
import type { RentalListing } from '../host-provider';
import { plainText } from './plain-text';
import { answerInvalid } from './vast-answer';
import type { VastApi } from './vast-api';
import { readVastPages } from './vast-pages';
import { ROUTES } from './vast-routes';
import { doneSchema, instancePageSchema, oneInstanceSchema, type VastInstance } from './vast-schemas';

const PAGE = 25;
const MOST_PAGES = 200;
const MEGA = 1_000_000;
const GIGA = 1_000_000_000;
/** Counters of traffic were measured to be in thousands of bytes. */
const KILO = 1000;

/** Every instance of the account, page by page: all of them or a failure. */
export async function listVastInstances(api: VastApi): Promise<RentalListing> {
  const readAtMs = api.connection.clock.nowMs();
  return { instances: (await listRows(api, {})).map(instanceOf), readAtMs };
}

export async function findVastInstancesByLabel(api: VastApi, label: string): Promise<RentedInstance[]> {
  const rows = await listRows(api, { label: { eq: label } });
  // Filters are not always applied.
  return rows.filter((row) => row.label === label).map(instanceOf);
}

/** One instance, null when there is none. Where the answer lacks the ports of a running one, the list has them. */
export async function findVastInstance(api: VastApi, instanceId: string): Promise<RentedInstance | null> {
  const row = await readRow(api, instanceId);
  if (row === null) return null;
  if (row.actual_status !== 'running' || directPortOf(row) !== null) return instanceOf(row);
  const [listed] = await listRow(api, instanceId);
  return instanceOf(listed ?? row);
}

/** In no answer any more: neither by its id nor in the list, which lets go of it later. */
export async function isVastInstanceGone(api: VastApi, instanceId: string): Promise<boolean> {
  if ((await readRow(api, instanceId)) !== null) return false;
  return (await listRow(api, instanceId)).length === 0;
}

async function readRow(api: VastApi, instanceId: string): Promise<VastInstance | null> {
  const path = instancePath(instanceId);
  try {
    const { instances } = await api.ask({ route: ROUTES.find, path }, oneInstanceSchema);
    if (instances !== null && instances.id !== instanceId)
      throw answerInvalid(ROUTES.find, 'another instance came back');
    return instances;
  } catch (error) {
    if (isFailureError(error) && error.failure.code === 'rental-not-found') return null;
    throw error;
  }
}

async function listRow(api: VastApi, instanceId: string): Promise<VastInstance[]> {
  const rows = await listRows(api, { id: { eq: Number(instanceId) } });
  return rows.filter((row) => row.id === instanceId);
}

async function listRows(api: VastApi, filters: object): Promise<VastInstance[]> {
  const select_filters = Object.keys(filters).length > 0 ? filters : undefined;
  const pages = await readVastPages(ROUTES.list, MOST_PAGES, (token) => {
    const query = { limit: PAGE, after_token: token, select_filters };
    return api.ask({ route: ROUTES.list, path: '/api/v1/instances/', query }, instancePageSchema);
  });
  // What changes meanwhile may move a row to the next page too.
  return [...new Map(pages.flatMap(({ instances }) => instances).map((row) => [row.id, row])).values()];
}

/** Starts, stops or names it. */
export async function changeVastInstance(
  api: VastApi,
  instanceId: string,
  change: { readonly state: 'running' | 'stopped' } | { readonly label: string },
): Promise<void> {
  await api.ask({ route: ROUTES.change, path: instancePath(instanceId), body: change }, doneSchema);
}

/** Starts it; a start that only queues is taken back, since it would begin to cost whenever the GPU becomes free. */
export async function startVastInstance(api: VastApi, instanceId: string): Promise<void> {
  try {
    await changeVastInstance(api, instanceId, { state: 'running' });
  } catch (error) {
    if (!isFailureError(error) || error.failure.code !== 'rental-start-queued') throw error;
    await changeVastInstance(api, instanceId, { state: 'stopped' }).catch((cause: unknown) => {
      throw new FailureError(
        'rental-start-queued',
        'Its GPU is used by somebody else, and the waiting start could not be taken back: it may begin to run, and cost.',
        {
          remedy: 'Stop it again, or give it back.',
          evidence: [...error.failure.evidence, ...(isFailureError(cause) ? cause.failure.evidence : [])],
          cause,
        },
      );
    });
    throw error;
  }
}

export async function rebootVastInstance(api: VastApi, instanceId: string): Promise<void> {
  const path = `/api/v0/instances/reboot/${idOf(instanceId)}/`;
  await api.ask({ route: ROUTES.reboot, path, body: {} }, doneSchema);
}

/** Asks for its end; that there is no such instance is as good. */
export async function destroyVastInstance(api: VastApi, instanceId: string): Promise<void> {
  try {
    await api.ask({ route: ROUTES.destroy, path: instancePath(instanceId), body: {} }, doneSchema);
  } catch (error) {
    if (!isFailureError(error) || error.failure.code !== 'rental-not-found') throw error;
  }
}

export function instancePath(instanceId: string): string {
  return `/api/v0/instances/${idOf(instanceId)}/`;
}

/** Ids go into paths, so they must be ids. */
export function idOf(instanceId: string): string {
  if (/^\d{1,20}$/.test(instanceId)) return instanceId;
  throw new FailureError('invalid-input', 'Ids of vast.ai are numbers.', {
    evidence: [JSON.stringify(instanceId.slice(0, 60))],
  });
}

function instanceOf(row: VastInstance): RentedInstance {
  const cores = row.cpu_cores_effective ?? row.cpu_cores ?? null;
  const memory = row.cpu_ram === null || row.cpu_ram === undefined ? null : row.cpu_ram * MEGA;
  return {
    id: row.id,
    machineId: row.machine_id ?? '',
    label: plainText(row.label, 256),
    actualStatus: plainText(row.actual_status, 40),
    intendedStatus: plainText(row.intended_status, 40),
    currentState: plainText(row.cur_state, 40),
    nextState: plainText(row.next_state, 40),
    statusText: plainText(row.status_msg, 500),
    isBid: row.is_bid ?? false,
    image: plainText(row.image_uuid, 200),
    gpuName: plainText(row.gpu_name, 80),
    gpuCount: row.num_gpus ?? 0,
    place: plainText(row.geolocation, 80),
    cores,
    memoryBytes: memory === null ? null : memoryShare(memory, cores ?? 1, row.cpu_cores ?? null, row.gpu_frac ?? null),
    diskBytes: scaled(row.disk_space, GIGA),
    diskUsedBytes: scaled(row.disk_usage, GIGA),
    endpoints: endpointsOf(row),
    runningNanoUsdPerHour: priceOf(row.dph_total),
    storageNanoUsdPerHour: priceOf(row.storage_total_cost),
    downNanoUsdPerGb: priceOf(row.inet_down_cost),
    upNanoUsdPerGb: priceOf(row.inet_up_cost),
    downBilledBytes: scaled(row.inet_down_billed, KILO),
    upBilledBytes: scaled(row.inet_up_billed, KILO),
    gauges: gaugesOf(row),
    rentedAtMs: scaled(row.start_date, 1000),
    endsAtMs: scaled(row.end_date, 1000),
  };
}

/** While it does not run, an address would be that of a stranger. */
function endpointsOf(row: VastInstance) {
  if (row.actual_status !== 'running') return [];
  return rentalEndpoints({
    publicIp: row.public_ipaddr ?? null,
    directPort: directPortOf(row),
    proxyHost: row.ssh_host ?? null,
    proxyPort: row.ssh_port ?? null,
    isJupyter: (row.image_runtype ?? '').includes('jupyter'),
  });
}

function directPortOf(row: VastInstance): number | null {
  return row.ports?.['22/tcp']?.[0]?.HostPort ?? null;
}

/** Some hosts report zeros every other time; a GPU at 0 degrees was not measured. */
function gaugesOf(row: VastInstance): RentalGauges {
  const isGap = !row.gpu_temp;
  return {
    gpuUtilizationPercent: isGap ? null : (row.gpu_util ?? null),
    gpuTemperatureCelsius: isGap ? null : (row.gpu_temp ?? null),
    cpuUtilizationPercent: row.cpu_util ?? null,
    memoryUsedBytes: scaled(row.mem_usage, GIGA),
  };
}

/** Negative figures stand for "not known". */
function scaled(value: number | null | undefined, factor: number): number | null {
  return value === null || value === undefined || value < 0 ? null : Math.round(value * factor);
}

function priceOf(usd: number | null | undefined): number | null {
  return usd === null || usd === undefined ? null : nanoUsdOf(usd);
}
