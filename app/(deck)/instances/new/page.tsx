import type { Metadata } from 'next';
import { readSettings } from '../../../../lib/store/settings-views';
import { requireSession } from '../../../_auth/require-session';
import { InstanceForm } from '../../../_instances/instance-form';
import { PublicKeyCard } from '../../../_instances/public-key-card';
import { Card } from '../../../_ui/card';
import { PageHeader } from '../../../_ui/page-header';

export const metadata: Metadata = { title: 'Add an SSH host' };

/** Adds a machine by the `ssh` line of a rental page, or by hand. */
export default async function NewInstancePage() {
  await requireSession();
  const settings = await readSettings();
  return (
    <>
      <PageHeader
        title="Add an SSH host"
        lead="Any Linux machine or Mac you can reach with ssh: a rented GPU, a server, the old PC in the closet."
      />
      <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,1.5fr)_minmax(0,1fr)]">
        <Card>
          <InstanceForm />
        </Card>
        <PublicKeyCard publicKey={settings.publicKey} />
      </div>
    </>
  );
}
