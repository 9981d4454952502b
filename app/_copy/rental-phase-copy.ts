import type { RentalPhase } from '../../lib/domain/rental-phase';

/** Each state of a rented machine: its name, and what it means for the person. */
export const RENTAL_PHASE_COPY = {
  preparing: { word: 'Preparing', meaning: 'The machine is ours and makes room. Only its disk is billed.' },
  loading: { word: 'Loading', meaning: 'It loads the image that llama.cpp runs in. Only its disk is billed.' },
  'starting-again': { word: 'Starting', meaning: 'It was told to start and still reports its last stop.' },
  running: { word: 'Running', meaning: 'It is on, and billed in full.' },
  stopping: { word: 'Stopping', meaning: 'It was told to stop; until it has, it is billed in full.' },
  stopped: { word: 'Stopped', meaning: 'Files are kept. The disk is still billed.' },
  queued: {
    word: 'Waits for its GPU',
    meaning: 'Somebody else uses its GPU. It starts, and bills, once that is free.',
  },
  outbid: { word: 'Outbid', meaning: 'Somebody offered more. Files are kept, the disk is billed.' },
  restarting: { word: 'Restarting', meaning: 'Its container starts anew; the address may change.' },
  frozen: { word: 'Frozen', meaning: 'It is paused and still billed in full.' },
  exited: { word: 'Ended', meaning: 'Its container ended by itself.' },
  silent: { word: 'Silent', meaning: 'The service has heard nothing from it.' },
  offline: { word: 'Offline', meaning: 'The machine has left the network. Nothing is billed meanwhile.' },
  broken: { word: 'Cannot start', meaning: 'It reports an error that does not go away. Only its disk is billed.' },
  'not-started': { word: 'Not started', meaning: 'The service stopped it before it ran. Its disk is billed.' },
  gone: { word: 'Given back', meaning: 'It no longer exists. Nothing is billed.' },
  unclear: { word: 'Unclear', meaning: 'It reports a state that Quantdeck does not know.' },
} as const satisfies Record<RentalPhase, { readonly word: string; readonly meaning: string }>;
