import type { Failure } from './failure';
import { type RentalAction, settle, WAIT, write } from './rental-action';
import { alarmOf } from './rental-alarm';
import { idleAction } from './rental-idle';
import { limitAction } from './rental-limits';
import { lookingAction } from './rental-looking';
import { blindTouchAction, presenceAction } from './rental-presence';
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
  const present = presentTry(record);
  // Before what a limit asks for, which may need the service again and again: files come home meanwhile.
  const touch = present?.state === 'there' ? blindTouchAction(record, present, sight) : null;
  const first = touch ?? limitAction(record, sight);
  if (first !== null) return first;
  if (present?.state === 'asking') return askingAction(record, present, sight);
  if (present !== null) return presenceAction(record, present, sight) ?? idleAction(record, sight) ?? WAIT;
  if (record.goal === 'running') return lookingAction(record, sight);
  // Nothing was rented yet, or what was is being given back.
  return openTries(record).length > 0 ? WAIT : (settle(record, 'stopped') ?? WAIT);
}

function alarmAction(record: RentalRecord, sight: RentalSight): RentalAction | null {
  const alarm = alarmOf(record, sight);
  const isSame = alarm?.code === record.alarm?.code;
  if (alarm === null) return isSame ? null : write({ rental: { alarm } });
  // At a limit files are saved first, and then the machine is kept: another thing to do about the same.
  if (isSame && (!isOfLimit(alarm) || alarm.remedy === record.alarm?.remedy)) return null;
  const isTold = isOfLimit(alarm) && !(record.goal === 'stopped' && record.goalBy === 'person');
  return write({
    rental: { alarm },
    ...(isTold ? {} : { event: { level: isOfLimit(alarm) ? 'warning' : 'alarm', text: alarm.message } }),
  });
}

/** What the keeper does about a limit tells its story itself. */
function isOfLimit({ code }: Failure): boolean {
  return code === 'rental-budget-reached' || code === 'rental-deadline-reached';
}
