// Starts a database and says how many milliseconds passed until its first ping was answered.
import { MongoClient } from 'mongodb';
import { startEmbeddedDatabase } from '../start.ts';

const before = performance.now();
const database = await startEmbeddedDatabase({ dataDir: process.argv[2] ?? '' });
const client = new MongoClient(database.uri);
await client.db('admin').command({ ping: 1 });
process.stdout.write(`${performance.now() - before}\n`);
await client.close();
await database.close();
