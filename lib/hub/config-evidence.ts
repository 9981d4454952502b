import { listCommits } from '@huggingface/hub';
import { isFailureError } from '../domain/failure';
import { HUB_REPO_PATTERN } from '../domain/source';
import type { ConfigEvidence } from '../model/config-evidence';
import { type ConfigObject, isObject } from '../model/config-reader';
import type { HubConnection } from './hub-connection';
import { createHubFetch } from './hub-fetch';
import { fileUrl, type HubListing } from './hub-listing';

const MOST_COMMITS = 20;
const MOST_EARLIER = 3;
const MOST_BASES = 2;
const MAX_CONFIG_BYTES = 1024 * 1024;
const MAX_CARD_BYTES = 256 * 1024;

/**
 * What the hub knows beside a commit's own files: earlier versions of its config.json, newest first, or those of the base
 * models that its card names. Uploads that overwrote config.json with one line are real; the version before it had every
 * number. Best effort: what cannot be read is left out.
 */
export async function readConfigEvidence(
  connection: HubConnection,
  listing: HubListing,
  origin: 'earlier-revision' | 'base-model',
): Promise<ConfigEvidence[]> {
  const read = origin === 'base-model' ? readBases : readEarlier;
  return read(connection, listing).catch(leaveOut);
}

async function readEarlier(connection: HubConnection, listing: HubListing): Promise<ConfigEvidence[]> {
  const { repo, commit } = listing;
  const fetchHere = createHubFetch(connection, { repo, revision: commit });
  const found = new Map<string, ConfigEvidence>();
  const present = await readConfig(connection, repo, commit);
  const seen = new Set([JSON.stringify(present)]);
  let looked = 0;
  const commits = listCommits({
    repo: { type: 'model', name: repo },
    revision: commit,
    hubUrl: connection.endpoint,
    batchSize: MOST_COMMITS,
    fetch: fetchHere,
  });
  for await (const { oid } of commits) {
    looked += 1;
    if (looked > MOST_COMMITS || found.size >= MOST_EARLIER) break;
    if (oid === commit || !/^[0-9a-f]{40}$/.test(oid)) continue;
    const config = await readConfig(connection, repo, oid);
    const text = JSON.stringify(config);
    if (config === null || seen.has(text)) continue;
    seen.add(text);
    found.set(oid, { origin: 'earlier-revision', label: `commit ${oid.slice(0, 8)} of ${repo}`, config });
  }
  return [...found.values()];
}

async function readBases(connection: HubConnection, listing: HubListing): Promise<ConfigEvidence[]> {
  const names = await basesOnCard(connection, listing);
  const found: ConfigEvidence[] = [];
  for (const name of names.slice(0, MOST_BASES)) {
    const config = await readConfig(connection, name, 'main').catch(() => null);
    if (config !== null) found.push({ origin: 'base-model', label: `its base model ${name}`, config });
  }
  return found;
}

/** The models that a model's card says it was made from, the first one first. */
export async function basesOnCard(connection: HubConnection, listing: HubListing): Promise<string[]> {
  const card = await readText(connection, listing.repo, listing.commit, 'README.md', MAX_CARD_BYTES);
  return baseModelsOf(card ?? '').filter((name) => name !== listing.repo);
}

/** The `base_model` entries of a model card's front matter: one name, or a list of names in either of YAML's spellings. */
export function baseModelsOf(card: string): string[] {
  const front = /^---\r?\n([\s\S]*?)\r?\n---/.exec(card)?.[1];
  if (front === undefined) return [];
  const lines = front.split(/\r?\n/);
  const at = lines.findIndex((line) => line.startsWith('base_model:'));
  if (at < 0) return [];
  const inline = (lines[at] as string).slice('base_model:'.length);
  const below = lines.slice(at + 1);
  const end = below.findIndex((line) => !/^\s*-\s/.test(line));
  const items = inline.trim() === '' ? below.slice(0, end < 0 ? below.length : end) : inline.split(',');
  return items
    .map((item) => item.replace(/^[\s[-]+|[\s\]]+$/g, '').replace(/^(['"])(.*)\1$/, '$2'))
    .filter((name) => HUB_REPO_PATTERN.test(name));
}

async function readConfig(connection: HubConnection, repo: string, revision: string): Promise<ConfigObject | null> {
  const text = await readText(connection, repo, revision, 'config.json', MAX_CONFIG_BYTES);
  if (text === null) return null;
  try {
    const config: unknown = JSON.parse(text);
    return isObject(config) ? config : null;
  } catch {
    return null;
  }
}

/** A small text file at a revision; null when it is not there or larger than any such file. */
async function readText(
  connection: HubConnection,
  repo: string,
  revision: string,
  path: string,
  maxBytes: number,
): Promise<string | null> {
  const fetchHere = createHubFetch(connection, { repo, revision });
  try {
    const response = await fetchHere(fileUrl(connection.endpoint, repo, revision, path));
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of (response.body as AsyncIterable<Uint8Array> | null) ?? []) {
      bytes += part.length;
      if (bytes > maxBytes) return null;
      parts.push(part);
    }
    return Buffer.concat(parts).toString('utf8');
  } catch (error) {
    if (isFailureError(error) && ['model-not-found', 'revision-not-found'].includes(error.failure.code)) return null;
    throw error;
  }
}

/** Evidence is a help, never a condition: a gated base model must not stop the check of an open one. */
function leaveOut(error: unknown): ConfigEvidence[] {
  if (isFailureError(error)) return [];
  throw error;
}
