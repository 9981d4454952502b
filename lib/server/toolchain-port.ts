import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Failure } from '../domain/failure';
import { supportsTextArchitecture } from '../model/supported-architectures';
import type { InstalledToolchain, Toolchain } from '../pipeline/ports';
import { parseBenchOutput } from '../toolchain/bench-result';
import { createConvertProgress } from '../toolchain/convert-progress';
import { explainToolFailure } from '../toolchain/explain-tool-failure';
import { createImatrixProgress } from '../toolchain/imatrix-progress';
import { createPrepareProgress } from '../toolchain/prepare-progress';
import {
  type PrepareOptions,
  parsePrepareOutcome,
  prepareEnvironment,
  readPrepareScript,
} from '../toolchain/prepare-script';
import { createQuantizeProgress } from '../toolchain/quantize-progress';
import { TOOLCHAIN_PIN } from '../toolchain/toolchain-pin';

/** lib/toolchain in the shape the pipeline asks for. `options` hold for every host and are asked for at each use. */
export function toolchainPort(packageRoot: string, options: () => Promise<PrepareOptions>): Toolchain {
  const hostFolder = path.join(packageRoot, 'lib', 'toolchain', 'host');
  const scriptPath = path.join(hostFolder, 'prepare-toolchain.sh');
  const program = async ({ givenPath }: { givenPath: string | null }) => ({
    script: await readPrepareScript(scriptPath),
    environment: prepareEnvironment({ ...(await options()), ...(givenPath ? { givenToolchainPath: givenPath } : {}) }),
  });
  return {
    version: TOOLCHAIN_PIN.version,
    prepare: program,
    check: program,
    parseManifest,
    prepareProgress: createPrepareProgress,
    convertProgress: createConvertProgress,
    quantizeProgress: (inputBytes) => createQuantizeProgress(inputBytes === null ? {} : { inputBytes }),
    imatrixProgress: createImatrixProgress,
    calibrationText: () => readFile(path.join(hostFolder, 'calibration.txt'), 'utf8'),
    explain: (tool, logTail, exitCode) => explain(tool, logTail, exitCode),
    supportsArchitecture: supportsTextArchitecture,
    parseBench: parseBenchOutput,
  };
}

function parseManifest(output: string): InstalledToolchain | null {
  const outcome = parsePrepareOutcome(output);
  if (outcome?.kind !== 'ready') return null;
  const { manifest } = outcome;
  return {
    view: {
      version: manifest.version,
      commit: manifest.commit,
      origin: manifest.origin,
      detail: manifest.originDetail,
      pythonVersion: manifest.pythonVersion,
      torchVersion: manifest.torchVersion,
      transformersVersion: manifest.transformersVersion,
    },
    binFolder: manifest.paths.binDir,
    convertScript: manifest.paths.convertScript,
    python: manifest.paths.python,
  };
}

/** Verifying runs two tools on one log, and llama-imatrix loads models in the same words: whichever is known explains it. */
function explain(
  tool: 'convert' | 'imatrix' | 'quantize' | 'verify',
  logTail: string,
  exitCode: number | null,
): Failure | null {
  const found =
    tool === 'verify' || tool === 'imatrix'
      ? (explainToolFailure('completion', logTail, exitCode) ?? explainToolFailure('bench', logTail, exitCode))
      : explainToolFailure(tool, logTail, exitCode);
  if (!found) return null;
  return { code: found.code, message: found.cause, remedy: found.remedy, evidence: found.evidence, isTransient: false };
}
