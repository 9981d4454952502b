import Link from 'next/link';
import { checkSourceText, type ModelCheckView, readinessOf } from '../../lib/domain/model-check';
import { READINESS_DISPLAY } from '../_copy/check-display';
import { failureTitle } from '../_copy/failure-copy';
import { Badge } from '../_ui/badge';
import { Cell, DataTable, HeadCell } from '../_ui/data-table';
import { RelativeTime } from '../_ui/relative-time';

/** Checks, newest first, each with what it came to. */
export function CheckTable({ checks }: { readonly checks: readonly ModelCheckView[] }) {
  return (
    <DataTable
      label="Earlier checks"
      head={
        <>
          <HeadCell>Model</HeadCell>
          <HeadCell>Result</HeadCell>
          <HeadCell className="max-sm:hidden">When</HeadCell>
        </>
      }
    >
      {checks.map((check) => (
        <tr key={check.id}>
          <Cell className="min-w-0">
            <Link href={`/checks/${check.id}`} className="break-all font-medium hover:underline">
              {checkSourceText(check.source)}
            </Link>
          </Cell>
          <Cell>
            <Outcome check={check} />
          </Cell>
          <Cell className="whitespace-nowrap text-ink-muted max-sm:hidden">
            <RelativeTime at={check.createdAt} />
          </Cell>
        </tr>
      ))}
    </DataTable>
  );
}

function Outcome({ check }: { readonly check: ModelCheckView }) {
  if (check.failure) return <Badge tone="bad">{failureTitle(check.failure.code)}</Badge>;
  if (!check.report) return <Badge tone="accent">Reading</Badge>;
  const display = READINESS_DISPLAY[readinessOf(check.report)];
  return (
    <Badge tone={display.tone}>
      <display.icon size={13} aria-hidden />
      {display.word}
    </Badge>
  );
}
