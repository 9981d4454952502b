import path from 'node:path';
import type { HostDoctor } from '../pipeline/check-instance';
import { examineHost } from '../ssh/examine-host';
import { switchOffTmux } from '../ssh/switch-off-tmux';
import type { EndpointFinder } from './host-connector';

/** The doctor goes the way that sessions go: the same addresses, keys and pins. */
export function createHostDoctor(packageRoot: string, findWay: EndpointFinder): HostDoctor {
  const assetsFolder = path.join(packageRoot, 'lib', 'ssh', 'host');
  return {
    async examine(instanceId, { onProgress, signal }) {
      const { endpoint, ...keys } = await findWay(instanceId);
      return examineHost(endpoint, { ...keys, assetsFolder, onProgress, signal });
    },
    async switchOffTmux(instanceId, signal) {
      const { endpoint, ...keys } = await findWay(instanceId);
      await switchOffTmux(endpoint, { ...keys, signal });
    },
  };
}
