import { runtime } from '../store/runtime';

/** Ends one of a person's sessions, e.g. that of a lost phone. Nothing happens when it has ended already. */
export async function endSession(userId: string, sessionId: string): Promise<void> {
  const { client, writes } = runtime();
  await writes.run(() => client.session.deleteMany({ where: { id: sessionId, userId } }));
}
