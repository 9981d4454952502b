import { runtime } from './runtime';

/** Resolves when the database answers; rejects with its error when it does not. */
export async function checkDatabase(): Promise<void> {
  await runtime().client.$queryRaw`SELECT 1`;
}
