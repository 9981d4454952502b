import Wrench from 'lucide-react/icons/wrench';
import type { Finding } from '../../lib/domain/finding';
import type { RepairProposal, UndeterminedField } from '../../lib/domain/model-check';
import { fileRepairText } from '../_copy/file-repair-text';
import { ButtonLink } from '../_ui/button';
import { Card } from '../_ui/card';
import { newJobAddress } from './addresses';
import { ConfigDiff } from './config-diff';

interface RepairCardProps {
  readonly checkId: string;
  readonly repair: RepairProposal;
  readonly findings: readonly Finding[];
  /** Nothing else stands in the way once this is applied. */
  readonly mayContinue: boolean;
}

/** The repair as a diff to read and approve, and what it has to leave open. */
export function RepairCard({ checkId, repair, findings, mayContinue }: RepairCardProps) {
  const hasPatch = Object.keys(repair.patch).length > 0;
  return (
    <Card title={hasPatch || repair.files.length > 0 ? 'Repair' : 'What shapes cannot tell'} flush>
      {hasPatch ? <ConfigDiff patch={repair.patch} findings={findings} /> : null}
      {repair.files.length > 0 ? (
        <ul className="space-y-1.5 border-t px-4 py-3 sm:px-5">
          {repair.files.map((file) => (
            <li key={JSON.stringify(file)}>{fileRepairText(file)}</li>
          ))}
        </ul>
      ) : null}
      {repair.undetermined.length > 0 ? <Undetermined fields={repair.undetermined} /> : null}
      {hasPatch || repair.files.length > 0 ? (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t px-4 py-4 sm:px-5">
          {mayContinue ? (
            <ButtonLink href={newJobAddress(checkId, 'approved')} look="primary">
              <Wrench size={15} aria-hidden />
              Approve the repair and convert
            </ButtonLink>
          ) : null}
          <p className="text-ink-muted text-xs">
            {mayContinue
              ? 'The original stays beside the repaired file on the host; the change is recorded with the job.'
              : 'This alone does not make the checkpoint convertible: see the findings below.'}
          </p>
        </div>
      ) : null}
    </Card>
  );
}

function Undetermined({ fields }: { readonly fields: readonly UndeterminedField[] }) {
  return (
    <div className="border-t px-4 py-3 sm:px-5">
      <p className="font-medium">Left open</p>
      <ul className="mt-1.5 space-y-1.5">
        {fields.map(({ field, candidates, reason }) => (
          <li key={field} className="text-ink-muted">
            <code className="font-mono text-ink text-xs">{field}</code>{' '}
            {candidates.length > 0 ? (
              <span className="figures">could be {candidates.map((value) => JSON.stringify(value)).join(', ')}. </span>
            ) : null}
            {reason}
          </li>
        ))}
      </ul>
    </div>
  );
}
