import * as z from 'zod';

/*
 * The fields of vast's answers that are used, and nothing else: what is not named here (`extra_env`, `jupyter_token`,
 * `api_key`, `onstart` …) is dropped when an answer is read. Where a missing or odd value changes nothing that matters it
 * is null; ids are never guessed.
 */
const id = z.union([z.number().int().nonnegative(), z.string().regex(/^\d{1,20}$/)]).transform(String);
const figure = z.number().nullish().catch(null);
const text = z.string().nullish().catch(null);
const flag = z.boolean().nullish().catch(null);
/** Dollars; more is no price. */
const price = z.number().min(0).max(100_000);

export const offerSchema = z.object({
  id,
  machine_id: id,
  host_id: id.nullish().catch(null),
  gpu_name: text,
  num_gpus: figure,
  gpu_ram: figure,
  gpu_frac: figure,
  total_flops: figure,
  cuda_max_good: figure,
  cpu_name: text,
  cpu_arch: text,
  cpu_cores: figure,
  cpu_cores_effective: figure,
  cpu_ghz: figure,
  has_avx: z.union([z.number(), z.boolean()]).nullish().catch(null),
  cpu_ram: figure,
  disk_space: figure,
  disk_bw: figure,
  inet_down: figure,
  inet_up: figure,
  inet_down_cost: price,
  inet_up_cost: price,
  storage_cost: price,
  dph_base: price,
  reliability2: figure,
  reliability: figure,
  verification: text,
  hosting_type: figure,
  direct_port_count: figure,
  static_ip: flag,
  geolocation: text,
  duration: figure,
  is_bid: flag,
  rentable: flag,
  rented: flag,
});

/** A row that is no offer is left out later: one odd machine must not hide all others. */
export const offersSchema = z.object({ offers: z.array(z.unknown()) });

/** What was rented; a refusal that left something behind nevertheless has it too. */
export const createdSchema = z.object({ new_contract: id });

const portSchema = z.array(z.object({ HostPort: z.coerce.number().int() }));

export const instanceSchema = z.object({
  id,
  machine_id: id.nullish().catch(null),
  label: text,
  actual_status: text,
  intended_status: text,
  cur_state: text,
  next_state: text,
  status_msg: text,
  is_bid: flag,
  image_uuid: text,
  image_runtype: text,
  ssh_host: text,
  ssh_port: figure,
  public_ipaddr: text,
  ports: z
    .object({ '22/tcp': portSchema.nullish().catch(null) })
    .nullish()
    .catch(null),
  num_gpus: figure,
  gpu_name: text,
  gpu_frac: figure,
  gpu_util: figure,
  gpu_temp: figure,
  cpu_util: figure,
  cpu_cores: figure,
  cpu_cores_effective: figure,
  cpu_ram: figure,
  mem_usage: figure,
  disk_space: figure,
  disk_usage: figure,
  inet_up_billed: figure,
  inet_down_billed: figure,
  inet_up_cost: price.nullish().catch(null),
  inet_down_cost: price.nullish().catch(null),
  dph_total: price.nullish().catch(null),
  storage_total_cost: price.nullish().catch(null),
  start_date: figure,
  end_date: figure,
  geolocation: text,
});

export type VastInstance = z.output<typeof instanceSchema>;
export type VastOffer = z.output<typeof offerSchema>;

/** An object under a plural name; null for an id that is not there. */
export const oneInstanceSchema = z.object({ instances: instanceSchema.nullable() });

export const instancePageSchema = z.object({
  instances: z.array(instanceSchema),
  next_token: z.string().max(4096).nullish(),
});

/** Success says nothing but that. */
export const doneSchema = z.object({ success: z.literal(true) });

const sshKeySchema = z.object({ id, public_key: text, key: text });
export const accountKeysSchema = z.array(sshKeySchema);
/** A list inside of a text. */
export const instanceKeysSchema = z.object({
  ssh_keys: z
    .string()
    .transform((list, context): unknown => {
      try {
        return JSON.parse(list);
      } catch {
        context.addIssue({ code: 'custom', message: 'not JSON' });
        return z.NEVER;
      }
    })
    .pipe(z.array(sshKeySchema)),
});
export type VastSshKey = z.output<typeof sshKeySchema>;

export const logsSchema = z.object({ result_url: z.url({ protocol: /^https?$/ }).max(2000) });

export const userSchema = z.object({
  id,
  email: text,
  credit: z.number().min(-1_000_000).max(1_000_000),
  total_spend: figure,
  email_verified: z.union([z.boolean(), z.number()]).nullish().catch(null),
  can_pay: z.union([z.boolean(), z.number()]).nullish().catch(null),
});

const amount = z.number().min(-1_000_000).max(1_000_000);
export const chargeSchema = z.object({
  start: z.number(),
  end: z.number(),
  source: text,
  amount,
  metadata: z.object({ label: text }).nullish().catch(null),
  items: z
    .array(z.object({ type: z.string(), amount }))
    .nullish()
    .catch(null),
});
export type VastCharge = z.output<typeof chargeSchema>;

export const chargePageSchema = z.object({
  results: z.array(chargeSchema),
  next_token: z.union([z.string().max(4096), z.number()]).nullish(),
});
