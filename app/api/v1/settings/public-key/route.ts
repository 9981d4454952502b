import { findPublicKey } from '../../../../../lib/store/key-views';
import { answer, found, route } from '../../../_http/api-route';

/** The public half of Quantdeck's own key, to be put into a host's authorized_keys. */
export const GET = route('read', async () => answer(found(await findPublicKey(), 'key')));
