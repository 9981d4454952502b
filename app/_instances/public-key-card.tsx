import { Card } from '../_ui/card';
import { CodeBlock } from '../_ui/code-block';

interface PublicKeyCardProps {
  readonly publicKey: string | null;
  readonly className?: string;
}

/** Quantdeck's public key and the two places where it is put. */
export function PublicKeyCard({ publicKey, className }: PublicKeyCardProps) {
  return (
    <Card title="Quantdeck’s public key" className={className ?? ''}>
      {publicKey ? (
        <CodeBlock text={publicKey} what="public key" />
      ) : (
        <p className="text-ink-muted">It is made at the first start.</p>
      )}
      <dl className="mt-4 space-y-3 text-ink-muted">
        <div>
          <dt className="font-medium text-ink">On vast.ai</dt>
          <dd>
            Account, Keys, SSH keys: paste it there <em>before</em> you rent. For a running instance use its SSH button:
            the key is added to that one.
          </dd>
        </div>
        <div>
          <dt className="font-medium text-ink">On any other machine</dt>
          <dd>
            Append it as one line to <code className="font-mono text-xs">~/.ssh/authorized_keys</code> of the user you
            log in as:
            {publicKey ? (
              <CodeBlock
                className="mt-2"
                what="command"
                text={`mkdir -p ~/.ssh && chmod 700 ~/.ssh && echo '${publicKey}' >> ~/.ssh/authorized_keys && chmod 600 ~/.ssh/authorized_keys`}
              />
            ) : null}
          </dd>
        </div>
      </dl>
    </Card>
  );
}
