import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { findRentalSummary } from '../../lib/store/rental-views';
import { requireSession } from '../_auth/require-session';
import { RentalsProvider } from '../_live/rentals-provider';
import { Shell } from '../_shell/shell';
import { parseTheme, THEME_COOKIE } from '../_shell/theme';

/** Everything behind the login. */
export default async function DeckLayout({ children }: { readonly children: ReactNode }) {
  const session = await requireSession();
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <RentalsProvider initial={await findRentalSummary()}>
      <Shell userName={session.userName} theme={theme}>
        {children}
      </Shell>
    </RentalsProvider>
  );
}
