/** @type {import('next').NextConfig} */
const config = {
  // The server in lib/server runs Next; `output: 'standalone'` cannot be combined with it.
  serverExternalPackages: ['ssh2', '@libsql/client', 'libsql'],
  poweredByHeader: false,
  // Next would otherwise guess the workspace root from any lockfile further up.
  turbopack: { root: import.meta.dirname },
};

export default config;
