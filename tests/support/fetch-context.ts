import type { HostSession } from '../../lib/pipeline/host-port';
import type { AttemptRecord } from '../../lib/pipeline/ledger-port';
import type { PipelineDependencies, StepContext } from '../../lib/pipeline/step-context';
import { workspaceOf } from '../../lib/pipeline/workspace';
import { systemClock } from '../../lib/server/system-clock';
import { command, quote } from '../../lib/ssh/shell-quote';
import { createLocalFolder } from '../../lib/store/local-folder';

export interface FetchSetting {
  readonly source: StepContext['spec']['source'];
  readonly session: () => HostSession;
  readonly said?: string[];
  readonly attempt?: AttemptRecord | null;
  readonly diskFreeBytes?: () => number;
  readonly memoryBytes?: number;
  /** Of the dashboard's own disk. */
  readonly homeFreeBytes?: number;
  /** Whether that is the disk on which the host works. */
  readonly isOneDisk?: boolean;
  readonly outputs?: readonly string[];
  readonly bringHome?: boolean;
  readonly artifacts?: readonly { readonly homePath: string | null; readonly sizeBytes: number }[];
  readonly world?: Partial<PipelineDependencies>;
}

/** What fetching a model is given, on a host that a session of the test stands for. */
export function fetchContext(setting: FetchSetting): StepContext {
  const { said = [], session } = setting;
  const { outputs = ['F16'], bringHome = false, isOneDisk = false } = setting;
  const repair = { configPatch: {}, fileRepairs: [] };
  const spec = { source: setting.source, baseType: 'auto', outputs, bringHome, ...repair };
  return {
    jobId: 'job',
    spec,
    commit: null,
    step: { id: 's', key: 'fetch-model', attempt: setting.attempt ?? null, isAgain: false },
    host: {
      instanceId: 'host-a',
      session: async () => session(),
      withSession: (work: (one: HostSession) => unknown) => work(session()),
    },
    workspace: workspaceOf(session().homeFolder, 'job', spec as unknown as StepContext['spec']),
    log: { line: async (text: string) => void said.push(text) },
    report: () => undefined,
    signal: new AbortController().signal,
    world: {
      localFolder: createLocalFolder(),
      shell: { quote, command },
      clock: systemClock,
      instances: { find: async () => ({ name: 'a', kind: isOneDisk ? 'this-machine' : 'ssh', toolchainPath: null }) },
      probe: {
        resources: async () => ({
          diskFreeBytes: setting.diskFreeBytes?.() ?? 1e12,
          memoryAvailableBytes: setting.memoryBytes ?? 1e12,
        }),
      },
      home: { freeBytes: async () => setting.homeFreeBytes ?? 1e12, takesRoomOf: async () => isOneDisk },
      ledger: {
        loadJob: async () => ({ steps: [] }),
        listArtifacts: async () => setting.artifacts ?? [],
        recordSource: async () => undefined,
      },
      ...setting.world,
    },
  } as unknown as StepContext;
}
