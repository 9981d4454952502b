import { type RentalAction, settle, WAIT, write } from './rental-action';
import { alarmOf } from './rental-alarm';
import { idleAction, limitAction } from './rental-limits';
import { lookingAction } from './rental-looking';
import { presenceAction } from './rental-presence';
import { openTries, presentTry, type RentalRecord, type RentalSight } from './rental-record';
import { askingAction, goneAction, releasingAction } from './rental-release';

/**
 * What to do next for a rental, from what is written down and what was seen. It is asked again after each action, so each
 * answer is one step; whatever was cut by a crash is found by looking.
 */
export function nextRentalAction(record: RentalRecord, sight: RentalSight): RentalAction {
  if (record.state === 'ended') return WAIT;
  return (
    alarmAction(record, sight) ??
    releasingAction(record, sight) ??
    (record.goal === 'gone' ? goneAction(record, sight) : wantedAction(record, sight))
  );
}

function wantedAction(record: RentalRecord, sight: RentalSight): RentalAction {
  const limit = limitAction(record, sight);
  if (limit !== null) return limit;
  const present = presentTry(record);
  if (present?.state === 'asking') return askingAction(record, present, sight);
  if (present !== null) return presenceAction(record, present, sight) ?? idleAction(record, sight) ?? WAIT;
  if (record.goal === 'running') return lookingAction(record, sight);
  // Nothing was rented yet, or what was is being given back.
  return openTries(record).length > 0 ? WAIT : (settle(record, 'stopped') ?? WAIT);
}

function alarmAction(record: RentalRecord, sight: RentalSight): RentalAction | null {
  const alarm = alarmOf(record, sight);
  if (alarm?.code === record.alarm?.code) return null;
  if (alarm === null) return write({ rental: { alarm } });
  return write({ rental: { alarm }, event: { level: 'alarm', text: alarm.message } });
}
