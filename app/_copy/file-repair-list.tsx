import type { FileRepair } from '../../lib/domain/file-repair';
import { fileRepairText } from './file-repair-text';

interface FileRepairListProps {
  readonly files: readonly FileRepair[];
  readonly className: string;
}

/** Changes to files of a checkpoint beside config.json, a sentence each; nothing when there are none. */
export function FileRepairList({ files, className }: FileRepairListProps) {
  if (files.length === 0) return null;
  return (
    <ul aria-label="Changes to files" className={className}>
      {files.map((file) => (
        <li key={JSON.stringify(file)} className="wrap-anywhere">
          {fileRepairText(file)}
        </li>
      ))}
    </ul>
  );
}
