import Terminal from 'lucide-react/icons/terminal';
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { isSetupDone } from '../../lib/store/session-views';
import { AccessFrame } from '../_access/access-frame';
import { SetupForm } from '../_access/setup-form';
import { Notice } from '../_ui/notice';
import { parseText, type SearchParams } from '../_ui/search-params';

export const metadata: Metadata = { title: 'Set up' };

/** The first start: whoever holds the link from the console chooses the password. */
export default async function SetupPage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  if (await isSetupDone()) redirect('/login');
  const token = parseText((await searchParams)['token']);
  if (token === '') {
    return (
      <AccessFrame title="Set up Quantdeck" lead="Nobody has chosen a password yet.">
        <Notice icon={<Terminal size={18} aria-hidden />} title="Open the link from the console">
          The console in which Quantdeck was started shows a link that can be used once. It proves that this machine is
          yours.
        </Notice>
      </AccessFrame>
    );
  }
  return (
    <AccessFrame title="Set up Quantdeck" lead="Choose the password of this dashboard. There is no default one.">
      <SetupForm token={token} />
    </AccessFrame>
  );
}
