import Plus from 'lucide-react/icons/plus';
import type { Metadata } from 'next';
import { listInstances } from '../../../lib/store/instance-views';
import { findRentalWatch, listRentals, listStrays } from '../../../lib/store/rental-views';
import { requireSession } from '../../_auth/require-session';
import { InstanceTable } from '../../_instances/instance-table';
import { RentedSection } from '../../_rental/rented-section';
import { ButtonLink } from '../../_ui/button';
import { Card } from '../../_ui/card';
import { PageHeader } from '../../_ui/page-header';

export const metadata: Metadata = { title: 'Instances' };

/** The machines that can do the work. */
export default async function InstancesPage() {
  await requireSession();
  const [instances, rentals, strays, watch] = await Promise.all([
    listInstances(),
    listRentals(),
    listStrays(),
    findRentalWatch(),
  ]);
  const own = instances.filter(({ kind }) => kind !== 'rented');
  const showsRented = watch !== null || rentals.length > 0;
  return (
    <>
      <PageHeader
        title="Instances"
        lead="Machines that Quantdeck reaches over SSH. This machine is always one of them; others are yours, or rented."
        actions={
          <ButtonLink href="/instances/new" look="primary">
            <Plus size={16} aria-hidden />
            Add an SSH host
          </ButtonLink>
        }
      />
      <div className="space-y-6">
        {showsRented ? <RentedSection rentals={rentals} strays={strays} watch={watch} nowMs={Date.now()} /> : null}
        <Card flush {...(showsRented ? { title: 'Your own' } : {})}>
          <InstanceTable initial={own} />
        </Card>
      </div>
    </>
  );
}
