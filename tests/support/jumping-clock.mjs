// For `node --import`: the clock of a process that a test can move. The file that QUANTDECK_TEST_CLOCK names holds by how
// many milliseconds it is ahead; what is written there counts within a moment, and for the next process from its start.
import { readFileSync } from 'node:fs';

const file = process.env.QUANTDECK_TEST_CLOCK;
const now = Date.now;
let aheadMs = 0;

/** Forwards only: a clock that went back an hour once made a whole test wait for a service's pace. */
function look() {
  aheadMs = Math.max(aheadMs, Number(readFileSync(file, 'utf8')));
}

look();
setInterval(look, 50).unref();
Date.now = () => now() + aheadMs;
