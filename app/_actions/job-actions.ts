'use server';
import { revalidatePath } from 'next/cache';
import * as z from 'zod';
import { approveRepair } from '../../lib/commands/approve-repair';
import { cancelJob } from '../../lib/commands/cancel-job';
import { createJob } from '../../lib/commands/create-job';
import { deleteJob } from '../../lib/commands/delete-job';
import { requestBringHome } from '../../lib/commands/request-bring-home';
import { retryJob } from '../../lib/commands/retry-job';
import { configPatchSchema, newConversionSchema } from '../../lib/domain/conversion-spec';
import { STEP_KINDS } from '../../lib/domain/step-key';
import { runAction } from '../_auth/action-guard';
import type { ActionResult } from './action-result';
import { checkForm } from './form-error';
import { formJson } from './form-json';
import { formText } from './form-text';
import { readAnswers } from './read-answers';
import { readJobForm } from './read-job-form';

type Done = Readonly<Record<string, never>>;
const DONE: Done = {};

/** Starts a job from the form. */
export async function createJobAction(_previous: unknown, form: FormData): Promise<ActionResult<{ jobId: string }>> {
  return runAction(async () => {
    const spec = checkForm(newConversionSchema, readJobForm(form));
    const { jobId } = await createJob(spec);
    return { jobId };
  });
}

/** Asks the worker to end a job. */
export async function cancelJobAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    await cancelJob(formText(form, 'jobId'));
    return DONE;
  });
}

/** Queues a job again with all that it did not finish, or with all from the step on that `from` names. */
export async function retryJobAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    const from = checkForm(z.enum(STEP_KINDS).optional(), formText(form, 'from') || undefined);
    await retryJob(formText(form, 'jobId'), from);
    return DONE;
  });
}

/** Approves exactly the changes to config.json that were shown, with the answers that were given, and continues the job. */
export async function approveRepairAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    const patch = checkForm(
      configPatchSchema,
      formJson(form, 'patch', 'The repair did not arrive whole. Load the page again.'),
    );
    const answers = readAnswers(form);
    await approveRepair(formText(form, 'jobId'), { patch, answers });
    return DONE;
  });
}

/** Deletes an ended job. */
export async function deleteJobAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    await deleteJob(formText(form, 'jobId'));
    revalidatePath('/jobs');
    return DONE;
  });
}

/** Asks the worker to copy an artifact to the dashboard's disk. */
export async function bringHomeAction(_previous: unknown, form: FormData): Promise<ActionResult<Done>> {
  return runAction(async () => {
    await requestBringHome(formText(form, 'artifactId'));
    return DONE;
  });
}
