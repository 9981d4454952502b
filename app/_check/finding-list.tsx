import type { Finding, Severity } from '../../lib/domain/finding';
import { SEVERITY_DISPLAY } from '../_copy/check-display';
import { Evidence } from '../_copy/failure-notice';
import { findingTitle, isStandingNote } from '../_copy/finding-copy';
import { Badge } from '../_ui/badge';
import { Card } from '../_ui/card';
import { Folded } from './folded';

/** What is wrong, the gravest first; what is only worth knowing is folded away below, and what every check says last. */
export function FindingList({ findings }: { readonly findings: readonly Finding[] }) {
  const standing = findings.filter(isStandingNote);
  const notes = findings.filter((finding) => finding.severity === 'note' && !isStandingNote(finding));
  const wrong = findings.filter((finding) => finding.severity !== 'note');
  return (
    <Card
      title="Findings"
      aside={<span className="figures text-ink-muted text-xs">{countText(wrong, notes.length)}</span>}
      flush
    >
      {wrong.length === 0 ? (
        <p className="p-4 text-ink-muted sm:px-5">
          Nothing is wrong with this checkpoint: config.json, index, tokenizer and every tensor agree.
        </p>
      ) : null}
      <Group severity="blocks" title="Blocks the conversion" findings={wrong} />
      <Group severity="damages" title="May damage the result" findings={wrong} />
      {notes.length > 0 ? (
        <Folded title={noteCount(notes.length)} words="Good to know; nothing has to be done." className="border-t">
          <Rows findings={notes} label="Notes" />
        </Folded>
      ) : null}
      {standing.length > 0 ? (
        <div className="space-y-1 border-t px-4 py-3 text-ink-muted text-xs sm:px-5">
          {standing.map(({ code, message }) => (
            <p key={code}>{message}</p>
          ))}
        </div>
      ) : null}
    </Card>
  );
}

interface GroupProps {
  readonly severity: Severity;
  readonly title: string;
  readonly findings: readonly Finding[];
}

function Group({ severity, title, findings }: GroupProps) {
  const own = findings.filter((finding) => finding.severity === severity);
  const display = SEVERITY_DISPLAY[severity];
  if (own.length === 0) return null;
  return (
    <section aria-label={title} className="[section+&]:border-t">
      <h3 className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 pt-3 pb-1 sm:px-5">
        <Badge tone={display.tone}>
          <display.icon size={13} aria-hidden />
          {title}
        </Badge>
        <span className="figures font-normal text-ink-muted text-xs">{own.length}</span>
      </h3>
      <Rows findings={own} label={title} />
    </section>
  );
}

interface RowsProps {
  readonly findings: readonly Finding[];
  readonly label: string;
}

function Rows({ findings, label }: RowsProps) {
  return (
    <ul aria-label={label} className="divide-y">
      {findings.map((finding) => (
        <li key={`${finding.code} ${finding.field ?? ''} ${finding.message}`} className="min-w-0 px-4 py-3 sm:px-5">
          <p className="wrap-anywhere font-medium">
            {findingTitle(finding.code)}
            {finding.field ? <code className="ml-2 font-mono text-ink-muted text-xs">{finding.field}</code> : null}
          </p>
          <p className="wrap-anywhere mt-0.5 text-ink-muted">{finding.message}</p>
          {finding.remedy ? <p className="wrap-anywhere mt-1">{finding.remedy}</p> : null}
          {finding.evidence.length > 0 ? (
            <details className="mt-1">
              <summary className="w-fit text-ink-faint text-xs hover:text-ink">Evidence</summary>
              <Evidence lines={finding.evidence} />
            </details>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function countText(wrong: readonly Finding[], notes: number): string {
  const count = (severity: Severity, word: string) => {
    const own = wrong.filter((finding) => finding.severity === severity).length;
    return own === 0 ? [] : [`${own} ${word}`];
  };
  const parts = [...count('blocks', 'blocking'), ...count('damages', 'damaging')];
  if (notes > 0) parts.push(noteCount(notes));
  return parts.length === 0 ? 'none' : parts.join(' · ');
}

function noteCount(notes: number): string {
  return `${notes} note${notes === 1 ? '' : 's'}`;
}
