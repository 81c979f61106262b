/** Where a test's hub keeps its data: the embedded engine, or a database of its own on the server of `MONGODB_URI`. */
import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';

/** A place that one hub uses at a time. */
export interface DatabasePlace {
  /** What the hub is told about it, by the names of README; empty for the embedded engine. */
  settings: Readonly<Record<string, string>>;
  /** Removes the data from the server; the embedded engine's goes with its folder. */
  drop(): Promise<void>;
}

/** Takes an empty place. @param server - `MONGODB_URI` of the test run; undefined for the embedded engine */
export function takeDatabasePlace(server = process.env['MONGODB_URI']): DatabasePlace {
  if (!server) return { settings: {}, drop: () => Promise.resolve() };
  const uri = withDatabase(server, `tandem-test-${randomBytes(8).toString('hex')}`);
  return {
    settings: { MONGODB_URI: uri },
    async drop() {
      const client = new MongoClient(uri);
      try {
        await client.db().dropDatabase();
      } finally {
        await client.close();
      }
    },
  };
}

/** The same server with another database; who signs in still does so where the address said (the driver's rule:
 *  the named database, else `admin`). */
export function withDatabase(uri: string, name: string): string {
  const parts = /^(mongodb(?:\+srv)?:\/\/)([^/?]+)(?:\/([^?]*))?(?:\?(.*))?$/.exec(uri);
  if (parts === null) throw new Error('MONGODB_URI is no address of a MongoDB server.');
  const [, scheme, hosts = '', before, query] = parts;
  const options = query === undefined || query === '' ? [] : [query];
  const signsIn = hosts.includes('@') && !/(^|&)authSource=/i.test(query ?? '');
  if (signsIn) options.push(`authSource=${before || 'admin'}`);
  return `${scheme}${hosts}/${name}${options.length > 0 ? `?${options.join('&')}` : ''}`;
}
