import { FailureError, isFailureError } from '../../domain/failure';
import { formatUsd, storageNanoUsdPerHour } from '../../domain/money';
import type { Offer } from '../../domain/offer';
import type { RentalOrder, RentalOutcome } from '../host-provider';
import { isSuccess, type VastAnswer } from './vast-answer';
import type { VastApi } from './vast-api';
import { vastOfferGone, vastRefusal } from './vast-failure';
import { destroyVastInstance, findVastInstancesByLabel, idOf } from './vast-instances';
import { findVastOffer } from './vast-offers';
import { ROUTES } from './vast-routes';
import { createdSchema } from './vast-schemas';

/** What vast takes beside what we do not need. */
const MOST_LABEL = 256;
const MOST_SCRIPT = 4000;
/** An instance whose creation was not answered shows in the list within seconds, if there is one. */
const LOOKS = 4;
const LOOK_MS = 5000;

/**
 * Rents one machine for one label. The request itself is sent at most once, because vast has no way to tell a repetition
 * from a second wish: before it the label is looked for, and after any answer that leaves open what happened, again.
 */
export async function rentVastOffer(api: VastApi, order: RentalOrder): Promise<RentalOutcome> {
  checkOrder(order);
  const there = await findRented(api, order.label);
  if (there !== null) return there;
  const offer = await findVastOffer(api, order.offerId, order.diskGb);
  if (offer === null) throw vastOfferGone(order.offerId);
  checkPrice(offer, order);
  let answer: VastAnswer;
  try {
    answer = await api.send({ route: ROUTES.rent, path: `/api/v0/asks/${idOf(order.offerId)}/`, body: bodyOf(order) });
  } catch (error) {
    return settle(api, order.label, error);
  }
  const created = isSuccess(answer) ? createdSchema.safeParse(answer.json) : null;
  if (created?.success) return { instanceId: created.data.new_contract, how: 'created', otherInstanceIds: [] };
  return refuse(api, order, answer);
}

function bodyOf(order: RentalOrder): object {
  return {
    client_id: 'me',
    image: order.image,
    disk: order.diskGb,
    label: order.label,
    runtype: 'ssh_direct',
    target_state: 'running',
    // Without it a machine that was just taken becomes a stopped instance that is billed for its disk.
    cancel_unavail: true,
    env: order.environment,
    onstart: order.startScript,
  };
}

/** A refusal that is certain ends it, once what it may have left behind is given back; anything else is looked into. */
async function refuse(api: VastApi, order: RentalOrder, answer: VastAnswer): Promise<RentalOutcome> {
  const refusal = vastRefusal(answer, ROUTES.rent, api.connection);
  const leftBehind = createdSchema.safeParse(answer.json);
  if (leftBehind.success) {
    await destroyVastInstance(api, leftBehind.data.new_contract).catch((cause: unknown) => {
      throw unknownOutcome(order.label, cause, [`instance ${leftBehind.data.new_contract} was left behind`]);
    });
    throw refusal;
  }
  if (answer.status >= 400 && answer.status < 500) throw refusal;
  return settle(api, order.label, refusal);
}

/** Nobody knows whether it was rented: the list does, a little later. */
async function settle(api: VastApi, label: string, cause: unknown): Promise<RentalOutcome> {
  for (let look = 0; look < LOOKS; look += 1) {
    await api.connection.clock.sleep(LOOK_MS);
    const found = await findRented(api, label).catch((problem: unknown) => {
      throw unknownOutcome(label, problem, evidenceOf(cause));
    });
    if (found !== null) return found;
  }
  throw unknownOutcome(label, cause, evidenceOf(cause));
}

async function findRented(api: VastApi, label: string): Promise<RentalOutcome | null> {
  const found = await findVastInstancesByLabel(api, label);
  const [first, ...others] = found.map(({ id }) => id).sort((a, b) => Number(a) - Number(b));
  return first === undefined ? null : { instanceId: first, how: 'found', otherInstanceIds: others };
}

function checkOrder({ label, startScript, diskGb }: RentalOrder): void {
  if (label !== '' && label.length <= MOST_LABEL && startScript.length <= MOST_SCRIPT && Number.isInteger(diskGb))
    return;
  throw new FailureError(
    'invalid-input',
    'vast.ai would not take this order: its label, script or disk is out of bounds.',
    {
      evidence: [
        `label ${label.length} of ${MOST_LABEL}`,
        `script ${startScript.length} of ${MOST_SCRIPT}`,
        `${diskGb} GB`,
      ],
    },
  );
}

function checkPrice(offer: Offer, order: RentalOrder): void {
  const actual = offer.baseNanoUsdPerHour + storageNanoUsdPerHour(offer.storageNanoUsdPerGbMonth, order.diskGb);
  if (actual <= order.mostNanoUsdPerHour) return;
  throw new FailureError(
    'rental-price-changed',
    `This machine costs ${formatUsd(actual)} an hour now; ${formatUsd(order.mostNanoUsdPerHour)} were agreed. Nothing was rented.`,
    { remedy: 'Look at the offers again and agree to a price.', evidence: [`offer ${offer.id}`] },
  );
}

function unknownOutcome(label: string, cause: unknown, evidence: readonly string[]): FailureError {
  return new FailureError(
    'rental-outcome-unknown',
    'vast.ai was asked to rent a machine, and whether it did could not be found out.',
    {
      remedy: 'Quantdeck goes on looking for it by its label; look at your instances on vast.ai if you cannot wait.',
      evidence: [`label ${label}`, ...evidence, ...evidenceOf(cause)],
      isTransient: true,
      cause,
    },
  );
}

function evidenceOf(cause: unknown): readonly string[] {
  return isFailureError(cause) ? cause.failure.evidence : [];
}
