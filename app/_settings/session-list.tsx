'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { SessionListItem } from '../../lib/store/session-views';
import { endSessionAction } from '../_actions/access-actions';
import { ConfirmDialog } from '../_forms/confirm-dialog';
import { Badge } from '../_ui/badge';
import { Button } from '../_ui/button';
import { RelativeTime } from '../_ui/relative-time';
import { browserName } from './browser-name';

/** Where somebody is logged in; any session but the one that looks can be ended here. */
export function SessionList({
  sessions,
  currentId,
}: {
  readonly sessions: readonly SessionListItem[];
  readonly currentId: string;
}) {
  const router = useRouter();
  const [ending, setEnding] = useState<SessionListItem | null>(null);
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
            {session.id === currentId ? (
              <Badge tone="accent">This one</Badge>
            ) : (
              <Button
                size="small"
                look="danger"
                onClick={() => setEnding(session)}
                aria-label={`End the session of ${browserName(session.userAgent)}`}
              >
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
      <p className="border-t px-4 py-3 text-ink-muted text-xs sm:px-5">
        A session ends after 12 hours without use. Changing the password ends all but this one.
      </p>
      <ConfirmDialog
        open={ending !== null}
        onClose={() => setEnding(null)}
        onDone={() => router.refresh()}
        title={`End the session of ${ending ? browserName(ending.userAgent) : 'this browser'}?`}
        action={endSessionAction}
        fields={{ sessionId: ending?.id ?? '' }}
        confirm="End session"
        keep="Keep it"
      >
        That browser has to log in again.
      </ConfirmDialog>
    </>
  );
}
