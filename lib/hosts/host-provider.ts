import type { InstanceKind } from '../domain/instance';
import type { Offer } from '../domain/offer';
import type { RentalKeyReport } from '../domain/rental-question';
import type { RentalAccount, RentalCharge, RentalSshKey, RentedInstance } from '../domain/rented-instance';

/** How to reach one instance right now. */
export interface ReachableInstance {
  readonly id: string;
  readonly kind: InstanceKind;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Secret. */
  readonly auth:
    | { readonly kind: 'key'; readonly privateKey: string; readonly passphrase?: string }
    | { readonly kind: 'password'; readonly password: string };
  /** `SHA256:…` that the host must show; null before first contact. */
  readonly hostKeyFingerprint: string | null;
}

/** Something that has instances: this machine, and in time rental services. */
export interface HostProvider {
  readonly kind: InstanceKind;
  list(): Promise<readonly ReachableInstance[]>;
  /** Null when it has no instance of this id. */
  find(instanceId: string): Promise<ReachableInstance | null>;
}

/** What to look for. Offers that come back are filtered again by `offerProblems`: services overlook filters. */
export interface OfferSearch {
  /** Prices are told with a disk of this size. */
  readonly diskGb: number;
  readonly leastDownBitsPerSecond: number;
  /** 0..1 */
  readonly leastReliability: number;
  /** Two letters each; empty for anywhere. */
  readonly countries: readonly string[];
  /** Cheapest first, so that the rest is what nobody would take. */
  readonly mostOffers: number;
}

/** A wish to rent, written down before the service hears of it. */
export interface RentalOrder {
  readonly offerId: string;
  /** Unique to this wish: what finds the instance again when the answer is lost. */
  readonly label: string;
  readonly image: string;
  readonly diskGb: number;
  /** Run at every start of the container, so it must not mind to run twice. At most 4000 characters. */
  readonly startScript: string;
  /** Seen by hosts: never a secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** Machine and disk together; a dearer offer is not taken. */
  readonly mostNanoUsdPerHour: number;
}

/** What became of an order. */
export interface RentalOutcome {
  readonly instanceId: string;
  /** `found`: it was there already, by its label. */
  readonly how: 'created' | 'found';
  /** More instances of the same label, which there must never be: to be given back and reported. */
  readonly otherInstanceIds: readonly string[];
}

/** All instances at one moment; a list that could not be read whole is a failure, never a shorter list. */
export interface RentalListing {
  readonly instances: readonly RentedInstance[];
  readonly readAtMs: number;
}

/**
 * A service that machines are rented from. Ids are the service's. Every method may throw a FailureError with one of the
 * `rental-*` codes; those that change something may be called again after a failure. One object serves a whole process:
 * it keeps the pace that the service asks for.
 */
export interface RentalProvider {
  readonly service: 'vast';
  /** Whether it is the real service, where money is spent. */
  readonly isReal: boolean;

  searchOffers(search: OfferSearch): Promise<readonly Offer[]>;
  /** One offer with its price for this disk; null when it is gone. */
  findOffer(offerId: string, diskGb: number): Promise<Offer | null>;
  /**
   * Rents, at most once for each label. After `rental-outcome-unknown` an instance may exist or may yet appear: the label
   * must be looked for before anything else is rented. After any other failure nothing was left behind.
   */
  rent(order: RentalOrder): Promise<RentalOutcome>;

  list(): Promise<RentalListing>;
  /** With addresses that are good for seconds; null when there is no such instance. */
  find(instanceId: string): Promise<RentedInstance | null>;
  findByLabel(label: string): Promise<readonly RentedInstance[]>;
  /** @throws `rental-start-queued` when its GPU is somebody else's; the start is taken back then. */
  start(instanceId: string): Promise<void>;
  stop(instanceId: string): Promise<void>;
  reboot(instanceId: string): Promise<void>;
  setLabel(instanceId: string, label: string): Promise<void>;
  /** Accepted, not proven: ask `isGone` until it is. No failure when there is no such instance. */
  destroy(instanceId: string): Promise<void>;
  /** True only when the instance is in no answer of the service any more. */
  isGone(instanceId: string): Promise<boolean>;

  accountKeys(): Promise<readonly RentalSshKey[]>;
  /** False when the account has the key already. @throws `ssh-key-invalid` for what is no public key. */
  addAccountKey(publicKey: string): Promise<boolean>;
  removeAccountKey(keyId: string): Promise<void>;
  instanceKeys(instanceId: string): Promise<readonly RentalSshKey[]>;
  /** No failure when the instance has the key already. */
  attachKey(instanceId: string, publicKey: string): Promise<void>;

  /** The last lines that the container wrote; null when the service did not hand them out in time. */
  readLog(instanceId: string, lines: number): Promise<string | null>;
  account(): Promise<RentalAccount>;
  /** Whose key it is and what it may do, found by requests that change nothing. @throws when the key as a whole is refused. */
  checkKey(): Promise<RentalKeyReport>;
  charges(fromMs: number, toMs: number): Promise<readonly RentalCharge[]>;
}
