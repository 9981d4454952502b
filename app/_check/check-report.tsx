import { formatBytes } from '../../lib/domain/bytes';
import { formatCount } from '../../lib/domain/count';
import { type ModelCheckReport, type ModelCheckView, readinessOf } from '../../lib/domain/model-check';
import { Card } from '../_ui/card';
import { Stat } from '../_ui/stat';
import { FactTable } from './fact-table';
import { FindingList } from './finding-list';
import { FitTable } from './fit-table';
import { ProvenanceCard } from './provenance-card';
import { RepairCard } from './repair-card';

/** Everything that a finished check found, the most pressing first. */
export function CheckReport({ check, report }: { readonly check: ModelCheckView; readonly report: ModelCheckReport }) {
  const isRepairable = readinessOf(report) === 'repairable';
  const hasRepair = Object.keys(report.repair.patch).length + report.repair.files.length > 0;
  return (
    <div className="space-y-6">
      <Card>
        <dl className="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3 lg:grid-cols-[2fr_repeat(5,1fr)]">
          <Stat label="Architecture" value={report.architecture ?? 'unknown'} className="max-sm:col-span-2" />
          <Stat label="Parameters" value={formatCount(report.parameterCount)} note={report.dtype ?? undefined} />
          <Stat label="Tensors" value={report.tensorCount} />
          <Stat label="Weights" value={formatBytes(report.totalBytes)} />
          <Stat label="Read for this" value={formatBytes(report.bytesRead)} />
          <Stat label="Took" value={`${(report.durationMs / 1000).toFixed(1)} s`} />
        </dl>
      </Card>
      {hasRepair || report.repair.undetermined.length > 0 ? (
        <RepairCard checkId={check.id} repair={report.repair} findings={report.findings} mayContinue={isRepairable} />
      ) : null}
      <FindingList findings={report.findings} />
      {report.fits.length > 0 ? <FitTable fits={report.fits} /> : null}
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <FactTable facts={report.facts} />
        <ProvenanceCard matches={report.provenance} />
      </div>
    </div>
  );
}
