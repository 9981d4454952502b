import type { Metadata } from 'next';
import { listDevices } from '../../../lib/store/device-views';
import { listRentalOutcomes } from '../../../lib/store/rental-outcome-views';
import { listApiTokens, listSessions } from '../../../lib/store/session-views';
import { readSettings } from '../../../lib/store/settings-views';
import packageJson from '../../../package.json';
import { requireSession } from '../../_auth/require-session';
import { DeviceSettings } from '../../_devices/device-settings';
import { PublicKeyCard } from '../../_instances/public-key-card';
import { RentalKeyCard } from '../../_rental/rental-key-card';
import { ApiTokens } from '../../_settings/api-tokens';
import { OutcomeTable } from '../../_settings/outcome-table';
import { PasswordForm } from '../../_settings/password-form';
import { SessionList } from '../../_settings/session-list';
import { SourcesForm } from '../../_settings/sources-form';
import { Card } from '../../_ui/card';
import { PageHeader } from '../../_ui/page-header';
import { FactList } from '../../_ui/stat';

export const metadata: Metadata = { title: 'Settings' };

/** Hub and mirrors, the rental service's key, devices, the SSH key, the password, sessions, tokens. */
export default async function SettingsPage() {
  const session = await requireSession();
  const [settings, sessions, tokens, devices, outcomes] = await Promise.all([
    readSettings(),
    listSessions(session.userId),
    listApiTokens(),
    listDevices(),
    listRentalOutcomes(),
  ]);
  return (
    <>
      <PageHeader title="Settings" />
      <div className="grid items-start gap-6 xl:grid-cols-2">
        <div className="grid min-w-0 gap-6">
          <Card title="Hugging Face and mirrors">
            <SourcesForm settings={settings} />
          </Card>
          <RentalKeyCard isKeySet={settings.vastKeySet} />
          <OutcomeTable outcomes={outcomes} />
          <Card title="Devices" id="devices">
            <DeviceSettings devices={devices} />
          </Card>
          <PublicKeyCard publicKey={settings.publicKey} />
        </div>
        <div className="grid min-w-0 gap-6">
          <Card title="Password">
            <PasswordForm />
          </Card>
          <Card title="Sessions" flush>
            <SessionList sessions={sessions} currentId={session.sessionId} />
          </Card>
          <Card title="API tokens">
            <ApiTokens tokens={tokens} />
          </Card>
          <Card title="About">
            <FactList
              facts={[
                ['Quantdeck', packageJson.version],
                ['Logged in as', session.userName],
                [
                  'API',
                  <a key="api" href="/api/v1/openapi.json" className="text-accent underline-offset-2 hover:underline">
                    OpenAPI description
                  </a>,
                ],
                ['License', packageJson.license],
              ]}
            />
          </Card>
        </div>
      </div>
    </>
  );
}
