import type { Finding } from '../../lib/domain/finding';
import { SEVERITY_DISPLAY } from '../_copy/check-display';
import { Evidence } from '../_copy/failure-notice';
import { findingTitle } from '../_copy/finding-copy';
import { Badge } from '../_ui/badge';
import { Card } from '../_ui/card';

const ORDER = ['blocks', 'damages', 'note'] as const;

/** What is wrong or worth knowing, the gravest first. */
export function FindingList({ findings }: { readonly findings: readonly Finding[] }) {
  const sorted = ORDER.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
  return (
    <Card
      title="Findings"
      aside={<span className="figures text-ink-muted text-xs">{findings.length === 0 ? 'none' : findings.length}</span>}
      flush
    >
      {sorted.length === 0 ? (
        <p className="p-5 text-ink-muted">
          Nothing is wrong with this checkpoint: config.json, index, tokenizer and every tensor agree.
        </p>
      ) : (
        <ul className="divide-y">
          {sorted.map((finding) => (
            <li key={`${finding.code} ${finding.field ?? ''} ${finding.message}`} className="px-4 py-3 sm:px-5">
              <FindingRow finding={finding} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function FindingRow({ finding }: { readonly finding: Finding }) {
  const display = SEVERITY_DISPLAY[finding.severity];
  return (
    <div className="grid gap-x-4 gap-y-1.5 sm:grid-cols-[6.5rem_minmax(0,1fr)]">
      <Badge tone={display.tone}>
        <display.icon size={13} aria-hidden />
        {display.word}
      </Badge>
      <div className="min-w-0">
        <p className="font-medium">
          {findingTitle(finding.code)}
          {finding.field ? <code className="ml-2 font-mono text-ink-muted text-xs">{finding.field}</code> : null}
        </p>
        <p className="mt-0.5 break-words text-ink-muted">{finding.message}</p>
        {finding.remedy ? <p className="mt-1 break-words">{finding.remedy}</p> : null}
        {finding.evidence.length > 0 ? (
          <details className="mt-1">
            <summary className="w-fit text-ink-faint text-xs hover:text-ink">Evidence</summary>
            <Evidence lines={finding.evidence} />
          </details>
        ) : null}
      </div>
    </div>
  );
}
