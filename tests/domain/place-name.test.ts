import { expect, it } from 'vitest';
import { placeName } from '../../lib/domain/place-name';

it.each([
  ['Washington, US', 'Washington, US'],
  [', US', 'US'],
  [' , ', null],
  ['', null],
  [null, null],
])('the place %j is called %j', (place, name) => expect(placeName(place)).toBe(name));
