import { formatBytes } from '../../lib/domain/bytes';
import { RENTAL_IMAGES, type RentalImageName } from '../../lib/domain/rental-image';

/** `ubuntu:24.04 (30 MB), llama.cpp is installed on it`: what a machine is rented with, and what that means for llama.cpp. */
export function imageWords(name: RentalImageName): string {
  const { reference, wireBytes, hasToolchain } = RENTAL_IMAGES[name];
  const means = hasToolchain ? 'llama.cpp is in it, and is proven before it is used' : 'llama.cpp is installed on it';
  return `${reference} (${formatBytes(wireBytes)}), ${means}`;
}
