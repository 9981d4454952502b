import path from 'node:path';
import { defineConfig } from 'prisma/config';

// `generate`, `validate` and `format` run on WebAssembly alone, yet the CLI first wants to download a native schema
// engine that none of them uses. Any existing file satisfies that check, so a machine that reaches nothing but the npm
// registry can still generate the client. Never for `migrate`: with a wrong engine it does nothing and reports success.
if (['generate', 'validate', 'format'].includes(process.argv[2] ?? '')) {
  process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= path.join(import.meta.dirname, 'package.json');
}

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
});
