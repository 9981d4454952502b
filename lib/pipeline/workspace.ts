import { createHash } from 'node:crypto';
import path from 'node:path/posix';
import { artifactFileName } from '../domain/artifact';
import type { ConversionSpec } from '../domain/conversion-spec';
import type { QuantizationType } from '../domain/quantization-types';
import { sourceName } from '../domain/source';

/** Where things of a job lie on the host. All paths are absolute and POSIX: hosts are Linux or macOS. */
export interface Workspace {
  /** `<home>/.quantdeck` */
  readonly root: string;
  /** `<root>/jobs/<jobId>` */
  readonly job: string;
  /** The folder given to the converter: links to the source files, with the repaired config.json in place of its own. */
  readonly checkpoint: string;
  readonly repaired: string;
  readonly outputs: string;
  readonly verify: string;
  readonly modelName: string;
}

export function workspaceOf(homeFolder: string, jobId: string, spec: ConversionSpec): Workspace {
  const root = path.join(homeFolder, '.quantdeck');
  const job = path.join(root, 'jobs', jobId);
  return {
    root,
    job,
    checkpoint: path.join(job, 'checkpoint'),
    repaired: path.join(job, 'repaired'),
    outputs: path.join(job, outputsName(spec)),
    verify: path.join(job, 'verify'),
    modelName: sourceName(spec.source),
  };
}

/** What was made from another config.json must never pass for what a repaired one gives, so each repair has its own folder. */
function outputsName({ configPatch, fileRepairs }: ConversionSpec): string {
  const patch = Object.entries(configPatch).sort(([a], [b]) => (a < b ? -1 : 1));
  if (patch.length === 0 && fileRepairs.length === 0) return 'out';
  const text = fileRepairs.length === 0 ? JSON.stringify(patch) : JSON.stringify([patch, fileRepairs]);
  return `out-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}

/** `<root>/models/<owner>--<name>/<commit>`: shared by all jobs on the host, so the same commit is fetched once. */
export function hubModelFolder(workspace: Workspace, repo: string, commit: string): string {
  return path.join(workspace.root, 'models', repo.replace('/', '--'), commit);
}

/** A file that was copied to the host, by its content: no other one can pass for it, and all jobs share it. */
export function uploadedFile(workspace: Workspace, sha256: string): string {
  return path.join(workspace.root, 'models', 'uploaded', 'files', sha256);
}

/** A folder of the dashboard's machine as it was when it was copied: links to files by content, one folder per state. */
export function uploadedModelFolder(
  workspace: Workspace,
  files: readonly { readonly path: string; readonly sha256: string }[],
): string {
  const state = files.map((file) => [file.path, file.sha256]).sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1));
  const digest = createHash('sha256').update(JSON.stringify(state)).digest('hex').slice(0, 32);
  return path.join(workspace.root, 'models', 'uploaded', digest);
}

export function outputPath(workspace: Workspace, type: QuantizationType): string {
  return path.join(workspace.outputs, artifactFileName(workspace.modelName, type));
}
