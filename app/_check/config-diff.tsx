import type { Finding } from '../../lib/domain/finding';
import type { RepairProposal } from '../../lib/domain/model-check';

interface ConfigDiffProps {
  readonly patch: RepairProposal['patch'];
  readonly findings: readonly Finding[];
}

/** config.json before and after, field by field, each with the tensor that proves it. */
export function ConfigDiff({ patch, findings }: ConfigDiffProps) {
  const byField = new Map(findings.flatMap((finding) => (finding.field ? [[finding.field, finding] as const] : [])));
  return (
    <ul aria-label="Changes to config.json" className="divide-y">
      {Object.entries(patch).map(([field, after]) => {
        const finding = byField.get(field);
        const before = finding?.configured ?? null;
        return (
          <li
            key={field}
            className="grid gap-x-6 gap-y-1 px-4 py-2.5 sm:px-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]"
          >
            <div className="min-w-0 font-mono text-xs leading-6">
              <p className="break-all bg-bad-soft/60 px-2 text-bad">
                <span aria-hidden>- </span>
                <span className="sr-only">before: </span>
                {before === null ? <i>no "{field}"</i> : `"${field}": ${JSON.stringify(before)}`}
              </p>
              <p className="break-all bg-ok-soft/60 px-2 text-ok">
                <span aria-hidden>+ </span>
                <span className="sr-only">after: </span>
                {`"${field}": ${JSON.stringify(after)}`}
              </p>
            </div>
            <p className="min-w-0 self-center break-words text-ink-muted text-xs">
              {finding?.tensor ? (
                <>
                  Proven by <span className="break-all font-mono">{finding.evidence[0] ?? finding.tensor}</span>
                </>
              ) : (
                (finding?.message ?? 'Follows from the other changes.')
              )}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
