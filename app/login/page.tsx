import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { isSetupDone } from '../../lib/store/session-views';
import { AccessFrame } from '../_access/access-frame';
import { LoginForm } from '../_access/login-form';
import { safeNext } from '../_access/safe-next';
import { currentSession } from '../_auth/require-session';
import { parseText, type SearchParams } from '../_ui/search-params';

export const metadata: Metadata = { title: 'Log in' };

/** The way in. */
export default async function LoginPage({ searchParams }: { readonly searchParams: Promise<SearchParams> }) {
  const next = safeNext(parseText((await searchParams)['next']));
  if (await currentSession()) redirect(next);
  if (!(await isSetupDone())) redirect('/setup');
  return (
    <AccessFrame title="Log in" lead="Jobs go on whether somebody is logged in or not.">
      <LoginForm next={next} />
    </AccessFrame>
  );
}
