import { artifactOperations } from './artifact-operations';
import { deviceOperations } from './device-operations';
import { instanceOperations } from './instance-operations';
import { jobOperations } from './job-operations';
import { modelCheckOperations } from './model-check-operations';
import { offerOperations } from './offer-operations';
import type { Operations } from './operation';
import { rentalOperations } from './rental-operations';
import { serviceOperations } from './service-operations';

/** Everything under `/api/v1`. A test compares this list with the route files in both directions. */
export const OPERATIONS: Operations = {
  ...instanceOperations,
  ...modelCheckOperations,
  ...offerOperations,
  ...rentalOperations,
  ...jobOperations,
  ...artifactOperations,
  ...deviceOperations,
  ...serviceOperations,
};
