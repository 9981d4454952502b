import type { Client, Config, InArgs, InStatement, Transaction, TransactionMode } from '@libsql/client';
import { PrismaLibSql } from '@prisma/adapter-libsql';

/**
 * Prisma's libSQL adapter with transactions on the client's one connection. libSQL's own client leaves the connection of
 * each transaction behind and opens another: 4,000 file descriptors were open after 2,000 writes (measured with
 * @libsql/client 0.17.4), and many systems allow 1,024. The adapter's lock keeps all other statements out until a
 * transaction has ended, so one connection is enough.
 */
export class OneConnectionLibSql extends PrismaLibSql {
  override createClient(config: Config): Client {
    const client = super.createClient(config);
    client.transaction = async (mode: TransactionMode = 'write') => {
      await client.execute(
        mode === 'write' ? 'BEGIN IMMEDIATE' : mode === 'read' ? 'BEGIN TRANSACTION READONLY' : 'BEGIN DEFERRED',
      );
      return new SharedTransaction(client);
    };
    return client;
  }
}

class SharedTransaction implements Transaction {
  readonly #client: Client;
  #isOpen = true;

  constructor(client: Client) {
    this.#client = client;
  }

  get closed(): boolean {
    return !this.#isOpen;
  }

  execute(statement: InStatement | string, args?: InArgs) {
    return typeof statement === 'string' ? this.#client.execute(statement, args) : this.#client.execute(statement);
  }

  /** Not `Client.batch`, which begins a transaction of its own. */
  async batch(statements: InStatement[]) {
    const results = [];
    for (const statement of statements) results.push(await this.#client.execute(statement));
    return results;
  }

  /** Not `Client.executeMultiple`, which rolls an open transaction back. */
  async executeMultiple(): Promise<void> {
    throw new Error('scripts do not run inside of a transaction');
  }

  async commit(): Promise<void> {
    if (!this.#isOpen) return;
    try {
      await this.#client.execute('COMMIT');
      this.#isOpen = false;
    } catch (error) {
      // Left open, it would swallow every later statement of the process.
      await this.rollback();
      throw error;
    }
  }

  async rollback(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      await this.#client.execute('ROLLBACK');
    } catch (error) {
      // After a full disk and the like SQLite has rolled back by itself.
      if (!(error instanceof Error && error.message.includes('no transaction is active'))) throw error;
    }
  }

  close(): void {
    // The adapter ends every transaction by commit or rollback; this one has no connection of its own to close.
  }
}
