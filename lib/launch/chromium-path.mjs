import { existsSync } from 'node:fs';

/**
 * The browser for tests and benchmarks: CHROMIUM_PATH, or one of Debian's. The headless shell is the same Chromium without
 * windows, tabs and menus, and takes two thirds of the processor time for the same pages.
 */
const PLACES = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

/** @returns {string} where a Chromium is, or would be once it is installed. */
export function chromiumPath() {
  return process.env['CHROMIUM_PATH'] ?? PLACES.find((file) => existsSync(file)) ?? PLACES[0];
}
