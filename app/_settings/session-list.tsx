import type { SessionListItem } from '../../lib/store/session-views';
import { Badge } from '../_ui/badge';
import { RelativeTime } from '../_ui/relative-time';
import { browserName } from './browser-name';

/** Where somebody is logged in. */
export function SessionList({
  sessions,
  currentId,
}: {
  readonly sessions: readonly SessionListItem[];
  readonly currentId: string;
}) {
  return (
    <>
      <ul className="divide-y">
        {sessions.map((session) => (
          <li key={session.id} className="flex items-center justify-between gap-4 px-4 py-2.5 sm:px-5">
            <span className="min-w-0">
              <span className="block truncate" title={session.userAgent}>
                {browserName(session.userAgent)}
              </span>
              <span className="text-ink-muted text-xs">
                last used <RelativeTime at={session.lastSeenAt} />
              </span>
            </span>
            {session.id === currentId ? <Badge tone="accent">This one</Badge> : null}
          </li>
        ))}
      </ul>
      <p className="border-t px-4 py-3 text-ink-muted text-xs sm:px-5">
        A session ends after 12 hours without use. Changing the password ends all but this one.
      </p>
    </>
  );
}
