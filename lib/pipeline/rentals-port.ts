import type { RentalEventView, RentalGoal, RentalView } from '../domain/rental';

/** A file that exists on a rented machine and nowhere else. */
export interface UnsavedFile {
  readonly fileName: string;
  readonly sizeBytes: number | null;
}

/**
 * Machines that are rented for jobs. Here a wish is read and written; the keeper of rentals makes it true, in its own time.
 * Every method may throw a FailureError.
 */
export interface Rentals {
  /** The rental behind an instance; null when it is no rented one. */
  find(instanceId: string): Promise<RentalView | null>;
  /** Its story from the line `skip` on, oldest first. */
  events(rentalId: string, skip: number): Promise<readonly RentalEventView[]>;
  /** Answers false when it has ended already. */
  setGoal(rentalId: string, goal: RentalGoal): Promise<boolean>;
  /** Files of all jobs on this instance that are not whole on the dashboard's disk. */
  unsavedFiles(instanceId: string): Promise<readonly UnsavedFile[]>;
  /** The name of another job that waits or runs there; null when none does. */
  otherJob(instanceId: string, jobId: string): Promise<string | null>;
  /** A job there was canceled or failed: its machine must neither be forgotten nor run on for nobody. */
  settle(jobId: string, end: 'canceled' | 'failed'): Promise<void>;
}
