import type { SshConnection } from './open-connection';
import { pause } from './pause';

const LAST_WORDS_MS = 500;

/** A dying connection closes its channels first and says so a moment later: waits for that moment. */
export async function lastWords(connection: SshConnection): Promise<void> {
  await Promise.race([pause(LAST_WORDS_MS), new Promise<void>((resolve) => connection.onClose(resolve))]);
}
