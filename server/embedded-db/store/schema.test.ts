// The steps from one layout of the file to the next.
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { layoutOf, metaValue, upgradeLayout } from './schema.ts';

const FIRST = 'CREATE TABLE a (x INTEGER)';
const SECOND = 'ALTER TABLE a ADD COLUMN y INTEGER NOT NULL DEFAULT 7';

describe('the layout of the file', () => {
  test('[DB60] an older file is brought up to date step by step and keeps what it holds', () => {
    const db = new DatabaseSync(':memory:');
    upgradeLayout(db, 'f', [FIRST]);
    db.exec('INSERT INTO a VALUES (1)');
    upgradeLayout(db, 'f', [FIRST, SECOND]);
    expect({ ...db.prepare('SELECT * FROM a').get() }).toEqual({ x: 1, y: 7 });
    expect(metaValue(db, 'schema')).toBe(2);
    upgradeLayout(db, 'f', [FIRST, SECOND]);
    db.close();
  });

  test('[DB60] a step that fails leaves the file as it was', () => {
    const db = new DatabaseSync(':memory:');
    upgradeLayout(db, 'f', [FIRST]);
    expect(() => upgradeLayout(db, 'f', [FIRST, SECOND, 'CREATE TABLE a (z)'])).toThrow('already exists');
    expect(metaValue(db, 'schema')).toBe(1);
    expect(db.prepare('SELECT * FROM a').columns()).toHaveLength(1);
    db.close();
  });

  test('[DB60] a file of a newer version and of another program is refused by name', () => {
    const db = new DatabaseSync(':memory:');
    upgradeLayout(db, 'f');
    db.exec("UPDATE meta SET value = 99 WHERE name = 'schema'");
    expect(() => layoutOf(db, 'some/file')).toThrow(/some\/file was written by a newer version .*layout 99/);
    const other = new DatabaseSync(':memory:');
    other.exec('CREATE TABLE invoices (x)');
    expect(() => layoutOf(other, 'some/file')).toThrow('some/file is an SQLite file of another program');
    db.close();
    other.close();
  });
});
