import { randomBytes } from 'node:crypto';
import type { FakeContainer } from './fake-container';
import type { FakeOffer } from './fake-offers';

/** A variable of the account's, which comes with those of every order; people keep tokens in them. */
export const PLANTED_ENVIRONMENT = 'planted-environment-secret-9d41e7';

/** How the next machine that is rented behaves. */
export const FAKE_SCENARIOS = [
  'good',
  'image-missing',
  'disk-full',
  'loads-forever',
  'exits',
  'goes-offline',
  'falls-silent',
  'blackholed',
  'key-never-accepted',
  'never-appears',
  'created-stopped',
] as const;
export type FakeScenario = (typeof FAKE_SCENARIOS)[number];

export interface FakeCreateBody {
  readonly image: string;
  readonly disk: number;
  readonly label: string | null;
  readonly runtype: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onstart: string | null;
}

export interface FakeKey {
  readonly id: number;
  readonly publicKey: string;
  readonly createdAtSeconds: number;
}

/** Dollars and bytes so far. */
export interface FakeMeter {
  gpuUsd: number;
  diskUsd: number;
  downUsd: number;
  upUsd: number;
  downBytes: number;
  upBytes: number;
}

/** One rented machine, in the fake's own words; `instanceJson` tells it in vast's. */
export class FakeInstance {
  readonly id: number;
  readonly offer: FakeOffer;
  readonly scenario: FakeScenario;
  readonly image: string;
  readonly diskGb: number;
  readonly runtype: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onstart: string | null;
  readonly createdAtMs: number;
  /** Who pays for it. */
  readonly accountId: number;
  /** May read, stop, start and destroy this one instance. */
  readonly apiKey = randomBytes(32).toString('hex');
  readonly jupyterToken = randomBytes(32).toString('hex');
  readonly attachedKeys: FakeKey[] = [];
  readonly meter: FakeMeter = { gpuUsd: 0, diskUsd: 0, downUsd: 0, upUsd: 0, downBytes: 0, upBytes: 0 };
  /** Bills by UTC day: `2026-11-26`. */
  readonly days = new Map<string, FakeMeter>();
  label: string | null;
  actual: string | null = null;
  intended = 'running';
  current = 'running';
  next = 'running';
  statusText: string | null = null;
  publicIp: string;
  hostPort: number | null = null;
  arePortsShown = false;
  proxyPort: number;
  container: FakeContainer | null = null;
  isQueued = false;
  /** Somebody else uses its GPU. */
  isGpuTaken = false;
  /** Nobody may know of it: a creation that did not materialize. */
  isHidden = false;
  /** When it was really destroyed; lists show it a little longer. */
  destroyedAtMs: number | null = null;
  isDestroying = false;
  /** Reads of its telemetry: every other one is zeros on some hosts. */
  reads = 0;

  constructor(
    id: number,
    offer: FakeOffer,
    body: FakeCreateBody,
    { createdAtMs, scenario, accountId }: { createdAtMs: number; scenario: FakeScenario; accountId: number },
  ) {
    this.id = id;
    this.accountId = accountId;
    this.offer = offer;
    this.scenario = scenario;
    this.image = body.image;
    this.diskGb = body.disk;
    this.runtype = body.runtype;
    this.env = body.env;
    this.onstart = body.onstart;
    this.label = body.label;
    this.createdAtMs = createdAtMs;
    this.publicIp = '127.0.0.1';
    this.proxyPort = 0;
  }
}

const STILL_LISTED_MS = 3000;

/** Whether a list still shows it: a little longer than it exists. */
export function isListed(instance: FakeInstance, nowMs: number): boolean {
  if (instance.isHidden) return false;
  return instance.destroyedAtMs === null || nowMs < instance.destroyedAtMs + STILL_LISTED_MS;
}

export interface InstanceJsonOptions {
  readonly nowMs: number;
  /** Whether by-id answers hold the docker ports; sources disagree, so both happen. */
  readonly hasPorts: boolean;
}

/** One instance as vast writes it: secrets, gaps and odd units included. */
export function instanceJson(instance: FakeInstance, options: InstanceJsonOptions): Record<string, unknown> {
  const { offer } = instance;
  const isRunning = instance.actual === 'running';
  instance.reads += 1;
  const isGap = instance.reads % 2 === 0;
  const storageUsd = (offer.storage_cost * instance.diskGb) / 720;
  return {
    ...offer,
    id: instance.id,
    label: instance.label,
    actual_status: instance.actual,
    intended_status: instance.intended,
    cur_state: instance.current,
    next_state: instance.next,
    status_msg: instance.statusText,
    image_uuid: instance.image,
    image_runtype: instance.runtype.includes('jupyter') ? 'jupyter ssh_direc ssh_proxy' : 'ssh ssh_direc ssh_proxy',
    image_args: [],
    onstart: instance.onstart,
    extra_env: [...Object.entries(instance.env), ['SECRET_OF_THE_ACCOUNT', PLANTED_ENVIRONMENT]],
    jupyter_token: instance.jupyterToken,
    instance_api_key: instance.apiKey,
    ssh_host: '127.0.0.1',
    ssh_port: instance.proxyPort - (instance.runtype.includes('jupyter') ? 1 : 0),
    ssh_idx: '3',
    machine_dir_ssh_port: 51_199,
    public_ipaddr: `${instance.publicIp}\n`,
    local_ipaddrs: '172.17.0.2 \n',
    ports: portsJson(instance, options.hasPorts),
    gpu_util: isRunning ? (isGap ? 0 : 3) : null,
    gpu_temp: isRunning ? (isGap ? 0 : 41) : null,
    gpu_totalram: offer.gpu_ram * offer.num_gpus,
    cpu_util: isRunning && !isGap ? 12.5 : 0,
    mem_usage: isRunning ? 2.25 : null,
    mem_limit: Math.round(offer.cpu_ram * offer.gpu_frac) / 1000,
    disk_space: instance.diskGb,
    disk_usage: isRunning ? 3.5 : -1,
    disk_util: isRunning ? 0.1 : -1,
    inet_down_billed: instance.meter.downBytes === 0 ? null : instance.meter.downBytes / 1000,
    inet_up_billed: instance.meter.upBytes === 0 ? null : instance.meter.upBytes / 1000,
    storage_total_cost: storageUsd,
    dph_total: offer.dph_base + storageUsd,
    search: { gpuCostPerHour: offer.dph_base, diskHour: storageUsd, totalHour: offer.dph_base + storageUsd },
    instance: { gpuCostPerHour: isRunning ? offer.dph_base : 0, diskHour: storageUsd },
    start_date: instance.createdAtMs / 1000 + 0.123456,
    uptime_mins: isRunning ? (options.nowMs - instance.createdAtMs) / 60_000 : null,
    duration: offer.end_date - options.nowMs / 1000,
    country_code: /([A-Z]{2})$/.exec(offer.geolocation ?? '')?.[1] ?? null,
    template_hash_id: null,
    volume_info: [],
  };
}

function portsJson(instance: FakeInstance, hasPorts: boolean): unknown {
  if (!instance.arePortsShown || instance.hostPort === null) return null;
  if (!hasPorts) return [];
  return {
    '22/tcp': [
      { HostIp: '0.0.0.0', HostPort: String(instance.hostPort) },
      { HostIp: '::', HostPort: String(instance.hostPort) },
    ],
  };
}
