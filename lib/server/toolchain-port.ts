import path from 'node:path';
import type { Failure } from '../domain/failure';
import { supportsTextArchitecture } from '../model/supported-architectures';
import type { InstalledToolchain, Toolchain } from '../pipeline/ports';
import { parseBenchOutput } from '../toolchain/bench-result';
import { createConvertProgress } from '../toolchain/convert-progress';
import { explainToolFailure } from '../toolchain/explain-tool-failure';
import { createPrepareProgress } from '../toolchain/prepare-progress';
import { parsePrepareOutcome, type PrepareOptions, prepareEnvironment, readPrepareScript } from '../toolchain/prepare-script';
import { createQuantizeProgress } from '../toolchain/quantize-progress';
import { TOOLCHAIN_PIN } from '../toolchain/toolchain-pin';

/** lib/toolchain in the shape the pipeline asks for. `options` come from the environment and hold for every host. */
export function toolchainPort(packageRoot: string, options: PrepareOptions): Toolchain {
  const scriptPath = path.join(packageRoot, 'lib', 'toolchain', 'host', 'prepare-toolchain.sh');
  const program = async ({ givenPath }: { givenPath: string | null }) => ({
    script: await readPrepareScript(scriptPath),
    environment: prepareEnvironment({ ...options, ...(givenPath ? { givenToolchainPath: givenPath } : {}) }),
  });
  return {
    version: TOOLCHAIN_PIN.version,
    prepare: program,
    check: program,
    parseManifest,
    prepareProgress: createPrepareProgress,
    convertProgress: createConvertProgress,
    quantizeProgress: createQuantizeProgress,
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

/** Verifying runs two tools on one log; whichever of them has known words explains it. */
function explain(tool: 'convert' | 'quantize' | 'verify', logTail: string, exitCode: number | null): Failure | null {
  const found =
    tool === 'verify'
      ? (explainToolFailure('completion', logTail, exitCode) ?? explainToolFailure('bench', logTail, exitCode))
      : explainToolFailure(tool, logTail, exitCode);
  if (!found) return null;
  return { code: found.code, message: found.cause, remedy: found.remedy, evidence: found.evidence, isTransient: false };
}
