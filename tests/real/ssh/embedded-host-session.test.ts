import { hostSessionContract } from '../../contracts/host-session.contract';
import { startEmbeddedHost } from '../../support/ssh-embedded-host';

hostSessionContract('our embedded server', () => startEmbeddedHost());
