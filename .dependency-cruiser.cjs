// The import table of ARCHITECTURE.md. Each comment is shown with a violation: it says what to do instead.

const ADAPTERS = 'hub|ssh|hosts|toolchain|tokenizers|store|telemetry|live|report';

/** Code of `folder` may import these paths of ours and nothing else of ours. */
function mayImportOnly(name, folder, allowed, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: `^${folder}/` },
    to: { path: '^(app|lib|tests)/', pathNot: allowed },
  };
}

/** An npm package (or several) that only certain files may know. Tests are outside: they may play the other end. */
function fence(name, packages, homes, comment) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: '^(app|lib)/', pathNot: homes },
    to: { path: packages.map((each) => `(^|/)node_modules/${each}(/|$)`) },
  };
}

module.exports = {
  forbidden: [
    mayImportOnly(
      'domain-is-pure',
      'lib/domain',
      ['^lib/domain/'],
      'The domain knows nobody. Pass what it needs as an argument, or move the code to the folder that needs the other one.',
    ),
    mayImportOnly(
      'model-knows-only-the-domain',
      'lib/model',
      ['^lib/(model|domain)/'],
      'What a checkpoint is does not depend on where it lies. Take a ByteRangeReader (or another port) as an argument.',
    ),
    {
      name: 'pure-folders-do-no-input-or-output',
      comment:
        'lib/domain and lib/model read no file, no clock and no network: let an adapter do it and hand the result in.',
      severity: 'error',
      from: { path: '^lib/(domain|model)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'domain-uses-zod-only',
      comment: 'The domain uses no package but zod, so that it can be understood and tested by itself.',
      severity: 'error',
      from: { path: '^lib/domain/' },
      to: { path: 'node_modules/', pathNot: 'node_modules/zod/' },
    },
    {
      name: 'adapters-are-strangers',
      comment:
        'An adapter knows the domain and the model, never another adapter. What two of them do together belongs into a step ' +
        '(through a port) or into lib/server, which composes them.',
      severity: 'error',
      from: { path: `^lib/(${ADAPTERS})/` },
      to: { path: '^(app|lib|tests)/', pathNot: ['^lib/$1/', '^lib/(domain|model)/'] },
    },
    mayImportOnly(
      'pipeline-reaches-out-through-ports',
      'lib/pipeline',
      ['^lib/(pipeline|domain|model)/'],
      'Steps reach hosts, hub and database through lib/pipeline/ports.ts only. Add to a port; lib/server plugs the adapter in.',
    ),
    mayImportOnly(
      'rentals-reach-out-through-ports',
      'lib/rentals',
      ['^lib/(rentals|domain)/', '^lib/hosts/host-provider\\.ts$'],
      'The keeper of rentals knows the service by its port and database and SSH by its own ones (rental-ports.ts, ' +
        'rental-ledger-port.ts). Add to a port; lib/server plugs the adapter in.',
    ),
    mayImportOnly(
      'commands-write-intent',
      'lib/commands',
      ['^lib/(commands|domain|model|store)/'],
      'A command checks and writes a row; the worker acts on it. It reaches no host and starts nothing.',
    ),
    mayImportOnly(
      'app-stays-thin',
      'app',
      ['^app/', '^lib/(domain|model|commands)/', '^lib/store/[^/]+-views\\.ts$', '^lib/live/events\\.ts$'],
      'Pages and routes read views and call commands. Next loads a second copy of every module, so nothing with state or ' +
        'connections may come in here. Of lib/live only the wire contract, of lib/store only the views.',
    ),
    mayImportOnly(
      'primitives-know-no-jobs',
      'app/_ui',
      ['^app/_ui/', '^lib/domain/(bytes|duration)\\.ts$'],
      'A primitive is told what to show. Words for statuses and failures are made in app/_copy and passed in.',
    ),
    {
      name: 'server-is-the-top',
      comment:
        'lib/server composes everything, so nothing may import it. Move what you need down into the folder it belongs to.',
      severity: 'error',
      from: { path: '^(app|lib)/', pathNot: '^lib/server/' },
      to: { path: '^lib/server/' },
    },
    {
      name: 'launch-stands-alone',
      comment:
        'The launch programs run before anything is installed: they import Node and each other, and nobody imports them.',
      severity: 'error',
      from: { path: '^lib/launch/' },
      to: { path: '^(app|lib)/', pathNot: '^lib/launch/' },
    },
    {
      name: 'nobody-imports-launch',
      comment: 'The launch programs are entries. Code that the dashboard needs belongs into another folder.',
      severity: 'error',
      from: { path: '^(app|lib)/', pathNot: '^lib/launch/' },
      to: { path: '^lib/launch/' },
    },
    {
      name: 'product-does-not-import-tests',
      comment: 'Nothing that ships may depend on a test or a fixture.',
      severity: 'error',
      from: { path: '^(app|lib)/' },
      to: { path: '^tests/' },
    },
    {
      name: 'generated-client-stays-in-the-store',
      comment:
        'The generated database client is a detail of lib/store: ask for a verb in a *-store.ts or a read in a *-views.ts.',
      severity: 'error',
      from: { pathNot: ['^lib/store/', '^tests/'] },
      to: { path: '^lib/store/generated/' },
    },
    fence(
      'ssh2-in-ssh-only',
      ['ssh2'],
      ['^lib/ssh/'],
      'One transport: use what lib/ssh offers, "This machine" included.',
    ),
    fence(
      'prisma-in-store-only',
      ['@prisma', '@libsql', 'libsql', 'prisma'],
      ['^lib/store/'],
      'One client for each process, opened in lib/store: a second one freezes the event loop on the lock of SQLite.',
    ),
    fence(
      'socket-io-in-the-gateway-only',
      ['socket\\.io'],
      ['^lib/live/socket-gateway\\.ts$'],
      'One gateway holds all sockets. Publish through the hub in lib/live.',
    ),
    fence(
      'socket-client-in-live-only',
      ['socket\\.io-client'],
      ['^app/_live/'],
      'The browser has one connection, kept by app/_live: use its hooks.',
    ),
    fence(
      'hugging-face-in-hub-and-model-only',
      ['@huggingface/(?!tokenizers)[^/]+'],
      ['^lib/(hub|model)/'],
      'Ask the hub through lib/hub, read a GGUF through lib/model.',
    ),
    fence(
      'tokenizers-library-in-its-thread-only',
      ['@huggingface/tokenizers'],
      ['^lib/tokenizers/'],
      "Somebody else's tokenizer.json may hang or fill the memory: tokenize through lib/tokenizers, in its thread.",
    ),
    fence(
      'react-in-app-only',
      ['react', 'react-dom', 'uplot', 'lucide-react'],
      ['^app/'],
      'What is drawn lives in app.',
    ),
    fence(
      'next-in-app-and-server-only',
      ['next'],
      ['^app/', '^lib/server/'],
      'Only pages and the process know the web framework.',
    ),
    {
      name: 'development-tools-do-not-ship',
      comment: 'A package from devDependencies is not there in production: add it to dependencies or do without.',
      severity: 'error',
      from: { path: '^(app|lib)/', pathNot: ['^lib/launch/', '^lib/store/schema-tool\\.mjs$'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: ['node_modules/@types/'] },
    },
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one idea cut in the wrong place: move the shared part into a third file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-broken-imports',
      comment: 'This import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^\\./generated/', 'lib/store/generated'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^lib/store/generated/'] },
    exclude: { path: ['^tests/fixtures/'] },
    // An import of a type is a dependency too: it is how a wrong idea gets in first.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
