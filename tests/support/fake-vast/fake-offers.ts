import { pickFrom, seededRandom } from '../seeded-random';

/** An offer with the fields and units of vast's API; prices are dollars, as there. */
export interface FakeOffer {
  readonly id: number;
  readonly machine_id: number;
  readonly host_id: number;
  readonly gpu_name: string;
  readonly num_gpus: number;
  readonly gpu_ram: number;
  readonly gpu_frac: number;
  readonly total_flops: number;
  readonly cuda_max_good: number;
  readonly cpu_name: string;
  readonly cpu_arch: string;
  readonly cpu_cores: number | null;
  readonly cpu_cores_effective: number;
  readonly cpu_ghz: number;
  readonly has_avx: number;
  readonly cpu_ram: number;
  readonly disk_space: number;
  readonly disk_bw: number;
  readonly disk_name: string;
  readonly inet_down: number;
  readonly inet_up: number;
  readonly inet_down_cost: number;
  readonly inet_up_cost: number;
  readonly storage_cost: number;
  dph_base: number;
  readonly reliability2: number;
  readonly verification: string;
  readonly hosting_type: number | null;
  readonly direct_port_count: number;
  readonly static_ip: boolean;
  readonly geolocation: string | null;
  readonly end_date: number;
  readonly is_bid: boolean;
  rented: boolean;
}

const GPUS = [
  ['RTX 3060', 12_288, 12.7, 0.06],
  ['RTX 4090', 24_564, 82.6, 0.3],
  ['RTX A5000', 24_564, 27.8, 0.2],
  ['H100 SXM', 81_559, 67, 1.9],
] as const;
const CPUS = ['AMD EPYC 7763 64-Core Processor', 'Xeon E5-2680 v4', 'AMD Ryzen 9 7950X'] as const;
const PLACES = ['Washington, US', ', US', 'Germany, DE', 'Quebec, CA', 'Sweden, SE', null] as const;

/** A market that is the same for the same seed, with the awkward offers that the real one has. */
export function makeOffers(seed: number, count: number, nowMs: number): FakeOffer[] {
  const random = seededRandom(seed);
  const between = (least: number, most: number) => least + random() * (most - least);
  const offers = Array.from({ length: count }, (_, at): FakeOffer => {
    const [gpu_name, gpu_ram, flops, price] = pickFrom(random, GPUS);
    const cores = pickFrom(random, [16, 32, 64, 128]);
    const shares = pickFrom(random, [1, 2, 4, 8]);
    return {
      id: 12_000_000 + at,
      machine_id: 4000 + Math.floor(at / 2),
      host_id: 900 + Math.floor(at / 6),
      gpu_name,
      num_gpus: 1,
      gpu_ram,
      gpu_frac: 1 / shares,
      total_flops: flops,
      cuda_max_good: pickFrom(random, [12.2, 12.8, 13]),
      cpu_name: pickFrom(random, CPUS),
      cpu_arch: 'amd64',
      cpu_cores: cores,
      cpu_cores_effective: cores / shares,
      cpu_ghz: pickFrom(random, [2.4, 3, 4.5]),
      has_avx: 1,
      cpu_ram: pickFrom(random, [64_000, 128_000, 515_000]),
      disk_space: Math.round(between(40, 900)),
      disk_bw: Math.round(between(300, 6000)),
      disk_name: 'nvme',
      inet_down: Math.round(between(90, 4000) * 10) / 10,
      inet_up: Math.round(between(60, 2000) * 10) / 10,
      inet_down_cost: pickFrom(random, [0, 0.00123, 0.003, 0.02]),
      inet_up_cost: pickFrom(random, [0, 0.003, 0.02]),
      storage_cost: pickFrom(random, [0.1, 0.14933333333333335, 0.3]),
      dph_base: Math.round((price + between(0, 0.2)) * 1e6) / 1e6,
      reliability2: Math.round(between(0.93, 0.9999) * 1e4) / 1e4,
      verification: random() < 0.85 ? 'verified' : pickFrom(random, ['unverified', 'deverified']),
      hosting_type: pickFrom(random, [0, 1, null]),
      direct_port_count: pickFrom(random, [0, 8, 100]),
      static_ip: random() < 0.3,
      geolocation: pickFrom(random, PLACES),
      end_date: Math.floor(nowMs / 1000) + Math.round(between(6 * 3600, 90 * 86_400)),
      is_bid: false,
      rented: false,
    };
  });
  return offers.map(makeSomeAwkward);
}

/** The market always has a good one, one that says nothing of its cores, one without a line, an ARM one, an old one. */
function makeSomeAwkward(offer: FakeOffer, at: number): FakeOffer {
  if (at === 0) {
    const good = { reliability2: 0.998, verification: 'verified', direct_port_count: 100, disk_space: 900 };
    return { ...offer, ...good, inet_down: 2000, inet_up: 900, inet_down_cost: 0, inet_up_cost: 0, dph_base: 0.05 };
  }
  if (at === 2) return { ...offer, cpu_cores: null };
  if (at === 4) return { ...offer, inet_down: 0, inet_up: 0, dph_base: 0.01 };
  if (at === 6) return { ...offer, cpu_arch: 'arm64', dph_base: 0.02 };
  if (at === 8) return { ...offer, has_avx: 0, dph_base: 0.02 };
  return offer;
}
