import { runtime } from '../store/runtime';
import { hashToken } from '../store/token-hash';

/** Ends the session of a cookie. Nothing happens when it has ended already. */
export async function logOut(cookieValue: string): Promise<void> {
  const { client, writes } = runtime();
  await writes.run(() => client.session.deleteMany({ where: { id: hashToken(cookieValue) } }));
}
