import { newestKeyCheck } from '../../lib/store/rental-question-views';
import { Card } from '../_ui/card';
import { KeyReport } from './key-report';
import { RentalKeyForm } from './rental-key-form';

/** vast.ai on the settings page: the key, and what it is good for. */
export async function RentalKeyCard({ isKeySet }: { readonly isKeySet: boolean }) {
  const check = await newestKeyCheck();
  return (
    <Card title="vast.ai" id="vast">
      <RentalKeyForm isKeySet={isKeySet} />
      {check ? (
        <div className="mt-5 border-t pt-5">
          <KeyReport check={check} />
        </div>
      ) : null}
    </Card>
  );
}
