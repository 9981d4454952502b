import { miniLmCheckpoint, smolCheckpoint, storyCheckpoint, tinyCheckpoint } from '../support/dashboard-checkpoint';

/**
 * Makes toolchain and checkpoints before any test asks for them: on a new machine, tests that need them found nothing and
 * skipped themselves, and two that began together made the same folder.
 */
export default async function globalSetup(): Promise<void> {
  await smolCheckpoint();
  await tinyCheckpoint();
  await storyCheckpoint();
  await miniLmCheckpoint();
}
