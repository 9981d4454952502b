import Wrench from 'lucide-react/icons/wrench';
import { ConfigDiff } from '../_check/config-diff';
import { FileRepairList } from '../_copy/file-repair-list';
import { Card } from '../_ui/card';
import { Checkbox } from '../_ui/field';
import type { JobStart } from './job-start';

/** The repair that was approved on the check's page, to be taken back until the job starts. */
export function ApprovedRepair({ repair }: { readonly repair: NonNullable<JobStart['repair']> }) {
  const count = Object.keys(repair.patch).length + repair.files.length;
  return (
    <Card
      title="Repair"
      aside={
        <span className="inline-flex items-center gap-1.5 text-ink-muted text-xs">
          <Wrench size={13} aria-hidden />
          {count} change{count === 1 ? '' : 's'}
        </span>
      }
      flush
    >
      <input type="hidden" name="configPatch" value={JSON.stringify(repair.patch)} />
      <input type="hidden" name="fileRepairs" value={JSON.stringify(repair.files)} />
      {repair.answers.map(({ field }) => (
        <input key={field} type="hidden" name="answeredFields" value={field} />
      ))}
      <ConfigDiff patch={repair.patch} findings={repair.findings} answers={repair.answers} />
      <FileRepairList files={repair.files} className="space-y-1.5 border-t px-4 py-3 sm:px-5" />
      <div className="border-t px-4 py-3 sm:px-5">
        <Checkbox
          name="applyRepair"
          defaultChecked
          label="Apply this repair"
          hint="Written beside the original on the host; the source stays as it is."
        />
      </div>
    </Card>
  );
}
