import { AskAgain } from '../_ui/ask-again';
import { Elapsed } from '../_ui/elapsed';
import { PendingNotice } from '../_ui/pending-notice';

/** Shown while a check waits or runs; asks for the page again until it has ended. */
export function CheckPending({ since }: { readonly since: string }) {
  return (
    <>
      <AskAgain />
      <PendingNotice title="Reading the headers of the checkpoint">
        Only the beginnings of its files are read, so this takes seconds whatever the size.{' '}
        <Elapsed from={since} to={null} />
      </PendingNotice>
    </>
  );
}
