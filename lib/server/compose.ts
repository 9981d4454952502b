import path from 'node:path';
import { createHub } from '../hub/create-hub';
import type { InstanceChecks } from '../pipeline/check-instance';
import type { Hub, LivePublisher, Logger, ModelChecks } from '../pipeline/ports';
import type { PipelineDependencies } from '../pipeline/step-context';
import { Worker } from '../pipeline/worker';
import { readHostResources } from '../ssh/host-facts';
import { command, quote } from '../ssh/shell-quote';
import { createArtifactHome } from '../store/artifact-home';
import { findPublicKey, moveInstance, recordConnectionProgress, takeWantedFix } from '../store/connection-store';
import { createId } from '../store/create-id';
import { claimRequestedCheck, findInstanceInfo, recordCheck } from '../store/instance-store';
import { jobLedger } from '../store/job-ledger';
import { jobRentals } from '../store/job-rental-store';
import { createLocalFolder } from '../store/local-folder';
import { claimModelCheck, recordModelCheck, requeueModelChecks } from '../store/model-check-store';
import { Redactor } from '../store/redact';
import { runtime } from '../store/runtime';
import { appendSample } from '../store/sample-store';
import { stepLogs } from '../store/step-logs';
import { keepVocabulary, listVocabularies } from '../store/vocabulary-store';
import { explainGauges } from '../telemetry/gauge-explainer';
import { createSampleReader } from '../telemetry/host-sampler';
import { hostSamplerScript } from '../telemetry/host-sampler-script';
import { createThreadEncoder } from '../tokenizers/thread-encoder';
import type { Hosts } from './compose-hosts';
import { readEffectiveSettings } from './effective-settings';
import { type ServerEnv, secretsOf } from './env';
import { systemClock } from './system-clock';
import { toolchainPort } from './toolchain-port';

export interface WorkerParts extends Hosts {
  readonly env: ServerEnv;
  readonly packageRoot: string;
  readonly live: LivePublisher;
  readonly logger: Logger;
}

/** Hands the pipeline its world. No decision is taken here: it only says which adapter stands behind which port. */
export function composeWorker(parts: WorkerParts): Worker {
  const { env, live, logger, connectHost } = parts;
  const { dataFolder } = runtime();
  const assetsFolder = path.join(parts.packageRoot, 'lib', 'ssh', 'host');
  const world: PipelineDependencies = {
    ledger: jobLedger,
    logs: stepLogs,
    createRedactor: (secrets) => new Redactor([...secrets, ...secretsOf(env)]),
    samples: { append: appendSample },
    live,
    connectHost,
    instances: { find: findInstanceInfo },
    rentals: jobRentals,
    probe: { resources: (session) => readHostResources(session, { assetsFolder }) },
    hub: () => openHub(env),
    toolchain: toolchainPort(parts.packageRoot, async () => (await readEffectiveSettings(env)).toolchain),
    encodeText: createThreadEncoder(),
    vocabularies: { list: listVocabularies, keep: keepVocabulary },
    telemetry: {
      samplerScript: (diskPath) => hostSamplerScript(quote(diskPath)),
      createReader: () => createSampleReader(Date.now),
      explain: explainGauges,
    },
    shell: { quote, command },
    home: createArtifactHome(path.join(dataFolder, 'artifacts')),
    localFolder: createLocalFolder(),
    clock: systemClock,
    logger,
    newId: createId,
  };
  const checks: InstanceChecks = {
    claimRequestedCheck,
    recordCheck,
    recordConnectionProgress,
    takeWantedFix,
    moveInstance,
    findPublicKey,
  };
  const instances = { checks, doctor: parts.doctor, rentals: parts.rentedHosts };
  const models: ModelChecks = { claim: claimModelCheck, record: recordModelCheck, requeue: requeueModelChecks };
  return new Worker(world, { instances, models });
}

/** Settings may change while we run, so the hub is opened anew for each use. */
async function openHub(env: ServerEnv): Promise<Hub> {
  const { hub } = await readEffectiveSettings(env);
  return createHub(hub);
}
