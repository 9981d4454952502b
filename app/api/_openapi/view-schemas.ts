import * as z from 'zod';
import type { Verification } from '../../../lib/domain/artifact';
import {
  CONNECTION_CAUSES,
  CONNECTION_FIXES,
  CONNECTION_LAYERS,
  type ConnectionReport,
} from '../../../lib/domain/connection-report';
import { FAILURE_CODES, type Failure } from '../../../lib/domain/failure';
import { type HostFacts, INSTANCE_KINDS, type InstanceView } from '../../../lib/domain/instance';
import type { ProblemDetails } from '../../../lib/domain/problem-details';
import type { Progress } from '../../../lib/domain/progress';
import { QUANTIZATION_TYPES } from '../../../lib/domain/quantization-types';
import type { GpuSample, HostSample } from '../../../lib/domain/sample';
import { SAMPLE_REMARKS } from '../../../lib/domain/sample-remark';
import type { ArtifactView } from '../../../lib/domain/views';

/*
 * The answers of the API as zod sees them. Each schema is compared with its type in lib/domain by the compiler
 * (`satisfies`), so that the served description cannot fall behind the code.
 */

const verdict = z.enum(['works', 'partly', 'does-not-work', 'unknown']);
const text = z.string().nullable();
const number = z.number().nullable();
const time = z.iso.datetime();

export const failureSchema = z
  .object({
    code: z.enum(FAILURE_CODES),
    message: z.string().describe('What happened and why, with the numbers.'),
    remedy: z.string().describe('What to do about it.'),
    evidence: z.array(z.string()).describe('Lines of output or facts that prove it.'),
    evidenceOffsets: z
      .array(z.number().int().nullable())
      .optional()
      .describe("Where each line of evidence begins in the failed step's log, bytes."),
    isTransient: z.boolean().describe('The same request may succeed later without a change.'),
  })
  .meta({ id: 'Failure' }) satisfies z.ZodType<Failure>;

/** RFC 9457, with our own members. */
export const problemSchema = z
  .object({
    type: z.string().describe('`urn:quantdeck:failure:` and the code.'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    instance: z.string(),
    code: z.enum(FAILURE_CODES),
    remedy: z.string(),
    evidence: z.array(z.string()),
    isTransient: z.boolean(),
  })
  .meta({ id: 'Problem' }) satisfies z.ZodType<ProblemDetails>;

export const progressSchema = z
  .object({
    phase: z.string(),
    fraction: number.describe('0..1 of the whole step, null while unknown.'),
    done: number,
    total: number,
    unit: z.enum(['bytes', 'tensors', 'files', 'steps', 'tokens']).nullable(),
    speedBytesPerSecond: number.describe('Of the last seconds.'),
    averageBytesPerSecond: number.optional().describe('Since the transfer began, or went on; absent for other work.'),
    etaMs: number,
    detail: text,
  })
  .meta({ id: 'Progress' }) satisfies z.ZodType<Progress>;

const hostFactsSchema = z.object({
  os: text,
  kernel: text,
  architecture: text,
  cores: number,
  cpuModel: text,
  memoryTotalBytes: number,
  memoryAvailableBytes: number,
  diskFreeBytes: number,
  diskTotalBytes: number,
  homeFolder: text,
  pythonVersion: text,
  glibcVersion: text,
  gpus: z.array(z.object({ name: z.string(), memoryTotalBytes: number, driver: text })),
}) satisfies z.ZodType<HostFacts>;

export const connectionReportSchema = z
  .object({
    layers: z
      .array(
        z.object({
          layer: z.enum(CONNECTION_LAYERS),
          state: z.enum(['ok', 'warned', 'failed', 'not-reached']),
          durationMs: number,
          seen: text.describe('What was found there, printable.'),
        }),
      )
      .describe('In the order in which they are passed.'),
    finding: z
      .object({
        cause: z.enum(CONNECTION_CAUSES),
        layer: z.enum(CONNECTION_LAYERS),
        isBlocking: z.boolean().describe('False for what does not keep Quantdeck from working there.'),
        what: z.string(),
        why: z.string(),
        remedy: z.string(),
        evidence: z.array(z.string()),
        fixes: z.array(z.enum(CONNECTION_FIXES)).describe('What `fix-connection` takes now, the most promising first.'),
      })
      .nullable(),
    shownFingerprint: text.describe('SHA256:… of the key that the host showed; what `trust-host-key` pins.'),
    tried: z
      .object({ fix: z.enum(['attach-key', 'follow-endpoint', 'switch-off-tmux']), failure: failureSchema.nullable() })
      .nullable()
      .describe('What was tried before this test, and how it went.'),
  })
  .meta({ id: 'ConnectionReport' }) satisfies z.ZodType<ConnectionReport>;

export const instanceSchema = z
  .object({
    id: z.string(),
    kind: z.enum(INSTANCE_KINDS),
    name: z.string(),
    host: z.string(),
    port: z.number().int(),
    user: z.string(),
    auth: z.enum(['key', 'password']),
    toolchainPath: text,
    hostKeyFingerprint: text.describe('SHA256:… of the pinned host key, null before first contact.'),
    publicKey: text.describe('The public half to put into authorized_keys.'),
    checkState: z.enum(['never', 'requested', 'running', 'ok', 'failed']),
    checkedAt: time.nullable(),
    facts: hostFactsSchema.nullable(),
    failure: failureSchema.nullable(),
    connection: connectionReportSchema
      .nullable()
      .describe('How far the last test came, and why not farther; grows while one is under way.'),
    createdAt: time,
    runningJobId: text,
    jobCount: z.number().int(),
  })
  .meta({ id: 'Instance' }) satisfies z.ZodType<InstanceView>;

const verificationSchema = z.object({
  structureOk: z.boolean().nullable(),
  structureProblems: z.array(z.string()),
  tensorCount: number,
  architecture: text,
  loadsOk: z.boolean().nullable(),
  promptTokensPerSecond: number,
  generationTokensPerSecond: number,
  sampleText: text.describe('What the model wrote after the fixed prompt.'),
  samplePrompt: text,
  problem: text,
}) satisfies z.ZodType<Verification>;

export const artifactSchema = z
  .object({
    id: z.string(),
    jobId: z.string(),
    jobName: z.string(),
    instanceId: z.string(),
    instanceName: z.string(),
    type: z.enum(QUANTIZATION_TYPES),
    fileName: z.string(),
    sizeBytes: number,
    sha256: text,
    parameterCount: number,
    place: z.enum(['host', 'home', 'both', 'gone']),
    verdict,
    verification: verificationSchema.nullable(),
    sampleRemark: z
      .enum(SAMPLE_REMARKS)
      .nullable()
      .describe(
        'What is odd about the text it wrote; not part of the verdict. A model that was never trained writes so too.',
      ),
    bringHomeState: z.enum(['none', 'requested', 'running', 'done', 'failed']),
    bringHomeFailure: failureSchema.nullable(),
    bringHomeProgress: progressSchema.nullable().describe('Of a copy that was asked for; null while none runs.'),
    createdAt: time,
  })
  .meta({ id: 'Artifact' }) satisfies z.ZodType<ArtifactView>;

const gpuSampleSchema = z.object({
  index: z.number().int(),
  name: z.string(),
  utilizationPercent: number,
  memoryUsedBytes: number,
  memoryTotalBytes: number,
  temperatureCelsius: number,
  powerWatts: number,
}) satisfies z.ZodType<GpuSample>;

export const sampleSchema = z
  .object({
    atMs: z.number().describe("The dashboard's clock, milliseconds since the epoch."),
    cpuPercent: number,
    corePercents: z.array(z.number()),
    memoryUsedBytes: number,
    memoryTotalBytes: number,
    diskReadBytesPerSecond: number,
    diskWriteBytesPerSecond: number,
    diskFreeBytes: number,
    networkReceiveBytesPerSecond: number,
    networkSendBytesPerSecond: number,
    gpus: z.array(gpuSampleSchema),
  })
  .meta({ id: 'HostSample' }) satisfies z.ZodType<HostSample>;
