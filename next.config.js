/** @type {import('next').NextConfig} */
const config = {
  // The server in lib/server runs Next; `output: 'standalone'` cannot be combined with it.
  serverExternalPackages: ['ssh2', '@libsql/client', 'libsql'],
  poweredByHeader: false,
  // `npm run check` type-checks the whole tree; a second time here would only make every set-up slower.
  typescript: { ignoreBuildErrors: true },
  // Next would otherwise guess the workspace root from any lockfile further up.
  turbopack: { root: import.meta.dirname },
};

export default config;
