import type { KeptConnection } from '../domain/connection-report';
import type { Failure } from '../domain/failure';
import type { HostFacts, InstanceKind, InstanceView } from '../domain/instance';
import type { Prisma } from './generated/client';
import { fromJson } from './json-column';
import { runtime } from './runtime';

const PARTS = {
  sshKey: { select: { publicKey: true } },
  _count: { select: { jobs: true } },
  jobs: { where: { status: 'running' }, select: { id: true }, take: 1 },
} satisfies Prisma.InstanceInclude;
type InstanceRow = Prisma.InstanceGetPayload<{ include: typeof PARTS }>;

/** All instances that were not removed or given back, "This machine" first, then by name. */
export async function listInstances(): Promise<InstanceView[]> {
  const rows = await runtime().client.instance.findMany({
    where: { deletedAt: null, OR: [{ rental: null }, { rental: { state: { not: 'ended' } } }] },
    include: PARTS,
    orderBy: [{ kind: 'desc' }, { name: 'asc' }, { id: 'asc' }],
  });
  return rows.map(toInstanceView);
}

/** One instance, null when there is none of this id or it was removed. */
export async function findInstance(id: string): Promise<InstanceView | null> {
  const row = await runtime().client.instance.findFirst({ where: { id, deletedAt: null }, include: PARTS });
  return row ? toInstanceView(row) : null;
}

function toInstanceView(row: InstanceRow): InstanceView {
  return {
    id: row.id,
    kind: row.kind as InstanceKind,
    name: row.name,
    host: row.host,
    port: row.port,
    user: row.user,
    auth: row.auth as InstanceView['auth'],
    toolchainPath: row.toolchainPath,
    hostKeyFingerprint: row.hostKeyFingerprint,
    publicKey: row.sshKey?.publicKey ?? null,
    checkState: row.checkState as InstanceView['checkState'],
    checkedAt: row.checkedAt?.toISOString() ?? null,
    facts: fromJson<HostFacts>(row.facts),
    failure: fromJson<Failure>(row.failure),
    connection: fromJson<KeptConnection>(row.connection)?.report ?? null,
    createdAt: row.createdAt.toISOString(),
    runningJobId: row.jobs[0]?.id ?? null,
    jobCount: row._count.jobs,
  };
}
