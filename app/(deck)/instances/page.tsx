import Plus from 'lucide-react/icons/plus';
import type { Metadata } from 'next';
import { listInstances } from '../../../lib/store/instance-views';
import { requireSession } from '../../_auth/require-session';
import { InstanceTable } from '../../_instances/instance-table';
import { ButtonLink } from '../../_ui/button';
import { Card } from '../../_ui/card';
import { PageHeader } from '../../_ui/page-header';

export const metadata: Metadata = { title: 'Instances' };

/** The machines that can do the work. */
export default async function InstancesPage() {
  await requireSession();
  const instances = await listInstances();
  return (
    <>
      <PageHeader
        title="Instances"
        lead="Machines that Quantdeck reaches over SSH. This machine is always one of them."
        actions={
          <ButtonLink href="/instances/new" look="primary">
            <Plus size={16} aria-hidden />
            Add an SSH host
          </ButtonLink>
        }
      />
      <Card flush>
        <InstanceTable initial={instances} />
      </Card>
    </>
  );
}
