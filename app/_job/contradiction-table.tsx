import type { FieldContradiction } from '../../lib/domain/finding';
import { Cell, DataTable, HeadCell } from '../_ui/data-table';

interface ContradictionTableProps {
  readonly contradictions: readonly FieldContradiction[];
  readonly patch: Readonly<Record<string, number | string | boolean | null>>;
}

/** What config.json says beside what the tensors prove, field by field. */
export function ContradictionTable({ contradictions, patch }: ContradictionTableProps) {
  const named = new Set(contradictions.map((one) => one.field));
  const others = Object.entries(patch).filter(([field]) => !named.has(field));
  return (
    <div className="mt-3 overflow-hidden rounded-lg border bg-surface text-ink">
      <DataTable
        label="config.json against the tensors"
        head={
          <>
            <HeadCell>Field</HeadCell>
            <HeadCell>config.json says</HeadCell>
            <HeadCell>Tensors say</HeadCell>
            <HeadCell>Proving tensor</HeadCell>
          </>
        }
      >
        {contradictions.map((one) => (
          <tr key={one.field}>
            <Cell className="font-mono text-xs">{one.field}</Cell>
            <Cell className="figures text-bad">
              <del>{String(one.configured ?? 'nothing')}</del>
            </Cell>
            <Cell className="figures font-semibold text-ok">{one.actual}</Cell>
            <Cell className="font-mono text-ink-muted text-xs">
              {one.tensor} <span className="figures">[{one.shape.join(', ')}]</span>
            </Cell>
          </tr>
        ))}
        {others.map(([field, value]) => (
          <tr key={field}>
            <Cell className="font-mono text-xs">{field}</Cell>
            <Cell className="text-ink-faint">follows from the above</Cell>
            <Cell className="figures font-semibold text-ok">{String(value)}</Cell>
            <Cell />
          </tr>
        ))}
      </DataTable>
    </div>
  );
}
