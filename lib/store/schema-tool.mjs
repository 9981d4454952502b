// Dev tool: writes migrations with Prisma's own schema engine in its WebAssembly form, so that no native engine has to be
// downloaded. `node lib/store/schema-tool.mjs check` exits 2 when prisma/schema.prisma has moved on without a migration;
// `node lib/store/schema-tool.mjs new <name>` writes the missing one.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PrismaLibSql } from '@prisma/adapter-libsql';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';

const ROOT = path.resolve(import.meta.dirname, '../..');
const MIGRATIONS = path.join(ROOT, 'prisma/migrations');
const SCHEMA = path.join(ROOT, 'prisma/schema.prisma');
const LOCK_FILE = 'migration_lock.toml';
const NO_FILTERS = { externalTables: [], externalEnums: [] };

/** Makes one engine. Two in a process share memory and corrupt each other, so this is called once a run. */
async function createEngine(datamodels) {
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const gluePath = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = readFileSync(path.join(path.dirname(gluePath), 'schema_engine_bg.wasm'));
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => console.error(`schema engine: ${message}`) };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
  const adapter = bindMigrationAwareSqlAdapterFactory(scriptAwareFactory());
  return glue.SchemaEngine.new({ datamodels }, () => undefined, adapter);
}

/** The engine replays whole migration files with `executeRaw`, which stops after one statement on libSQL. */
function scriptAwareFactory() {
  const factory = new PrismaLibSql({ url: ':memory:' });
  const connect = factory.connectToShadowDb.bind(factory);
  factory.connectToShadowDb = async () => {
    const connection = await connect();
    const executeOne = connection.executeRaw.bind(connection);
    connection.executeRaw = async (query) => {
      if (query.args.length > 0) return executeOne(query);
      await connection.executeScript(query.sql);
      return 0;
    };
    return connection;
  };
  return factory;
}

function readMigrations() {
  mkdirSync(MIGRATIONS, { recursive: true });
  const lockPath = path.join(MIGRATIONS, LOCK_FILE);
  if (!existsSync(lockPath)) writeFileSync(lockPath, '# Written by Prisma tools; do not edit.\nprovider = "sqlite"\n');
  const names = readdirSync(MIGRATIONS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  return {
    baseDir: MIGRATIONS,
    lockfile: { path: LOCK_FILE, content: readFileSync(lockPath, 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: names.sort().map((name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(path.join(MIGRATIONS, name, 'migration.sql'), 'utf8') },
      },
    })),
  };
}

/** The SQL that leads from the migrations to the schema, null when they agree. */
async function findMissingSql() {
  const content = readFileSync(SCHEMA, 'utf8');
  const engine = await createEngine([[SCHEMA, content]]);
  const difference = await engine.diff({
    from: { tag: 'migrations', ...readMigrations() },
    to: { tag: 'schemaDatamodel', files: [{ path: SCHEMA, content }] },
    script: true,
    exitCode: true,
    filters: NO_FILTERS,
  });
  return difference.exitCode === 2 ? difference.stdout : null;
}

function writeMigration(name, sql) {
  const folder = `${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}_${name}`;
  mkdirSync(path.join(MIGRATIONS, folder));
  writeFileSync(path.join(MIGRATIONS, folder, 'migration.sql'), sql);
  process.stdout.write(`wrote prisma/migrations/${folder}/migration.sql\n`);
}

async function main([command, name = '']) {
  if (command !== 'check' && !(command === 'new' && /^[a-z0-9_]+$/.test(name))) {
    process.stderr.write('usage: schema-tool.mjs check | new <name_in_snake_case>\n');
    return 1;
  }
  const sql = await findMissingSql();
  if (sql === null) {
    process.stdout.write('schema and migrations agree\n');
    return 0;
  }
  if (command === 'new') {
    writeMigration(name, sql);
    return 0;
  }
  process.stderr.write(`prisma/schema.prisma has changes without a migration:\n${sql}`);
  return 2;
}

// The engine keeps handles open; without an explicit end the process would stay.
process.exit(await main(process.argv.slice(2)));
