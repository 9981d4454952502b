import { formatBytes } from '../../lib/domain/bytes';
import { formatCount } from '../../lib/domain/count';
import type { DeviceView } from '../../lib/domain/device';
import { hasChanges } from '../../lib/domain/has-changes';
import type { ModelCheckReport, ModelCheckView } from '../../lib/domain/model-check';
import { Card } from '../_ui/card';
import { Stat } from '../_ui/stat';
import { FactTable } from './fact-table';
import { FindingList } from './finding-list';
import { FitTable } from './fit-table';
import { ProvenanceCard } from './provenance-card';
import { recommendedType } from './recommended-type';
import { RepairCard } from './repair-card';
import { WorkTable } from './work-table';

interface CheckReportProps {
  readonly check: ModelCheckView;
  readonly report: ModelCheckReport;
  readonly devices: readonly DeviceView[];
}

/** Everything that a finished check found, the most pressing first. */
export function CheckReport({ check, report, devices }: CheckReportProps) {
  const { repair, fits } = report;
  const isRepairShown = hasChanges(repair) || repair.undetermined.length + repair.answers.length > 0;
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
      {isRepairShown ? <RepairCard checkId={check.id} report={report} /> : null}
      <FindingList findings={report.findings} />
      {fits.length > 0 ? <FitTable fits={fits} devices={devices} /> : null}
      {report.work && fits.length > 0 ? (
        <WorkTable
          report={{ fits, work: report.work, parameterCount: report.parameterCount }}
          recommended={recommendedType(fits, devices)}
        />
      ) : null}
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <FactTable facts={report.facts} />
        <ProvenanceCard matches={report.provenance} />
      </div>
    </div>
  );
}
