import { hostSessionContract } from '../../contracts/host-session.contract';
import { startSshdHost } from '../../support/sshd-host';

hostSessionContract("Debian's sshd", () => startSshdHost());
