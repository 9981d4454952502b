import Wrench from 'lucide-react/icons/wrench';
import { hasChanges } from '../../lib/domain/has-changes';
import type { ModelCheckReport } from '../../lib/domain/model-check';
import { FileRepairList } from '../_copy/file-repair-list';
import { ButtonLink } from '../_ui/button';
import { Card } from '../_ui/card';
import { newJobAddress } from './addresses';
import { AnswerForm, TakeBackButton } from './answer-form';
import { ConfigDiff } from './config-diff';

interface RepairCardProps {
  readonly checkId: string;
  readonly report: ModelCheckReport;
}

/** The repair as a diff to read and approve, and the questions that only a person can answer. */
export function RepairCard({ checkId, report }: RepairCardProps) {
  const { repair, findings, refusedAnswers, waitsForAnswers, stopsAfterRepair } = report;
  const { patch, files, undetermined, answers } = repair;
  const hasPatch = Object.keys(patch).length > 0;
  const needed = undetermined.filter(({ isRequired }) => isRequired).length;
  const confirmed = answers.filter(({ field }) => !Object.hasOwn(patch, field));
  const takeBack = (field: string) => <TakeBackButton checkId={checkId} field={field} answers={answers} />;
  return (
    <Card title={hasChanges(repair) ? 'Repair' : 'What shapes cannot tell'} flush>
      {hasPatch ? (
        <ConfigDiff patch={patch} findings={findings} answers={answers} actionFor={({ field }) => takeBack(field)} />
      ) : null}
      <FileRepairList files={files} className="space-y-1.5 border-t px-4 py-3 sm:px-5" />
      {confirmed.map(({ field, value }) => (
        <p key={field} className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-t px-4 py-3 sm:px-5">
          <span className="wrap-anywhere min-w-0">
            <code className="font-mono text-xs">{field}</code> stays {JSON.stringify(value)}: you said so.
          </span>
          {takeBack(field)}
        </p>
      ))}
      {refusedAnswers.map(({ field, message }) => (
        <p key={field} role="alert" className="wrap-anywhere border-t px-4 py-3 text-bad sm:px-5">
          Your answer about <code className="font-mono text-xs">{field}</code> was not used. {message}
        </p>
      ))}
      {undetermined.length > 0 ? (
        <div className="border-t">
          {needed > 0 ? (
            <h3 className="px-4 pt-3 font-medium sm:px-5">
              {needed === 1 ? 'One thing only you can say' : `${needed} things only you can say`}
            </h3>
          ) : null}
          <AnswerForm
            key={undetermined.map(({ field }) => field).join(' ')}
            checkId={checkId}
            questions={undetermined}
            answers={answers}
          />
        </div>
      ) : null}
      {hasChanges(repair) ? (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t px-4 py-4 sm:px-5">
          {stopsAfterRepair === null ? (
            <ButtonLink href={newJobAddress(checkId, 'approved')} look="primary">
              <Wrench size={15} aria-hidden />
              Approve the repair and convert
            </ButtonLink>
          ) : null}
          <p className="text-ink-muted text-xs">{approvalWords(stopsAfterRepair === null, waitsForAnswers)}</p>
        </div>
      ) : null}
    </Card>
  );
}

function approvalWords(mayContinue: boolean, waitsForAnswers: boolean): string {
  if (mayContinue)
    return 'The original stays beside the repaired file on the host; the change is recorded with the job.';
  if (waitsForAnswers) return 'Answer what is needed above; then the repair can be approved.';
  return 'This alone does not make the checkpoint convertible: see the findings below.';
}
