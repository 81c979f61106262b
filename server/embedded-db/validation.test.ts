// Validators: what create and collMod take, what writes are refused with, and $jsonSchema as a filter.
import type { Document } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { failureOf, openTestDatabase, type TestDatabase } from './test-support/test-database.ts';

// A machine under load starts a database slowly.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database.close());

beforeEach(async () => {
  await database.db.dropDatabase();
});

function parts() {
  return database.db.collection<Document & { _id: number }>('parts');
}

const SCHEMA = {
  $jsonSchema: {
    title: 'Part',
    required: ['name', 'qty'],
    properties: {
      name: { bsonType: 'string', description: 'a name' },
      qty: { bsonType: 'int', minimum: 0 },
    },
  },
};

async function detailsOf(validator: Document, document: Document): Promise<Document> {
  await database.db.command({ collMod: 'parts', validator });
  const failure = await failureOf(parts().insertOne({ _id: 1, ...document }));
  expect(failure).toMatchObject({ code: 121, errmsg: 'Document failed validation' });
  const { errInfo } = failure as unknown as { errInfo: Document };
  expect(errInfo['failingDocumentId']).toBe(1);
  return errInfo['details'];
}

describe('validators', () => {
  test('[DB43] every write is refused with 121 and the rules it misses', async () => {
    await database.db.createCollection('parts', { validator: SCHEMA });
    await parts().insertOne({ _id: 1, name: 'bolt', qty: 3 });
    const inserted = await failureOf(parts().insertOne({ _id: 2, name: 5, qty: -1 }));
    expect(inserted['errInfo']).toEqual({
      failingDocumentId: 2,
      details: {
        operatorName: '$jsonSchema',
        title: 'Part',
        schemaRulesNotSatisfied: [
          {
            operatorName: 'properties',
            propertiesNotSatisfied: [
              {
                propertyName: 'name',
                description: 'a name',
                details: [
                  {
                    operatorName: 'bsonType',
                    specifiedAs: { bsonType: 'string' },
                    reason: 'type did not match',
                    consideredValue: 5,
                    consideredType: 'int',
                  },
                ],
              },
              {
                propertyName: 'qty',
                details: [
                  {
                    operatorName: 'minimum',
                    specifiedAs: { minimum: 0 },
                    reason: 'comparison failed',
                    consideredValue: -1,
                  },
                ],
              },
            ],
          },
        ],
      },
    });
    const refused = [
      () => parts().updateOne({ _id: 1 }, { $unset: { name: 1 } }),
      () => parts().replaceOne({ _id: 1 }, { name: 'x' }),
      () => parts().updateOne({ _id: 9 }, { $set: { name: 'x' } }, { upsert: true }),
      () => parts().findOneAndUpdate({ _id: 1 }, { $set: { qty: 'many' } }),
      () => parts().findOneAndReplace({ _id: 9 }, { name: 'x' }, { upsert: true }),
      () =>
        database.client.withSession((session) =>
          session.withTransaction(() => parts().insertOne({ _id: 3 }, { session })),
        ),
    ];
    for (const each of refused) expect((await failureOf(each()))['code']).toBe(121);
    expect(await parts().find().toArray()).toEqual([{ _id: 1, name: 'bolt', qty: 3 }]);
    await parts().insertOne({ _id: 2 }, { bypassDocumentValidation: true });
    expect(await parts().countDocuments()).toBe(2);
  });

  test('[DB43] level, action and the listing follow create and collMod', async () => {
    await database.db.createCollection('parts', { validator: { qty: { $gt: 0 } } });
    await parts().insertOne({ _id: 1, qty: -1 }, { bypassDocumentValidation: true });
    const change = (options: Document) => database.db.command({ collMod: 'parts', ...options });
    expect((await failureOf(parts().updateOne({ _id: 1 }, { $set: { x: 1 } })))['code']).toBe(121);
    await change({ validationLevel: 'moderate' });
    await parts().updateOne({ _id: 1 }, { $set: { x: 1 } });
    expect((await failureOf(parts().insertOne({ _id: 2, qty: -1 })))['code']).toBe(121);
    await change({ validationAction: 'warn' });
    await parts().insertOne({ _id: 2, qty: -1 });
    await change({ validationAction: 'error', validationLevel: 'off' });
    await parts().insertOne({ _id: 3, qty: -1 });
    const [listed] = await database.db.listCollections({ name: 'parts' }).toArray();
    expect(listed).toMatchObject({
      options: { validator: { qty: { $gt: 0 } }, validationLevel: 'off', validationAction: 'error' },
    });
    expect((await failureOf(change({ validationLevel: 'half' })))['code']).toBe(2);
    expect((await failureOf(change({ validator: 5 })))['code']).toBe(14);
    expect((await failureOf(change({ validator: { $nonsense: 1 } })))['code']).toBe(2);
    expect((await failureOf(change({ cappedSize: 5 })))['code']).toBe(115);
    expect((await failureOf(database.db.command({ collMod: 'none' })))['code']).toBe(26);
  });

  test('[DB43] details of query operators name the clause and what was found', async () => {
    await database.db.createCollection('parts');
    expect(await detailsOf({ qty: { $gt: 5 } }, { qty: 2 })).toEqual({
      operatorName: '$gt',
      specifiedAs: { qty: { $gt: 5 } },
      reason: 'comparison failed',
      consideredValue: 2,
    });
    expect(await detailsOf({ qty: { $gt: 5, $lt: 9 }, name: 'x' }, { qty: 12 })).toEqual({
      operatorName: '$and',
      clausesNotSatisfied: [
        {
          index: 1,
          details: {
            operatorName: '$lt',
            specifiedAs: { qty: { $lt: 9 } },
            reason: 'comparison failed',
            consideredValue: 12,
          },
        },
        {
          index: 2,
          details: { operatorName: '$eq', specifiedAs: { name: 'x' }, reason: 'field was missing' },
        },
      ],
    });
    expect(await detailsOf({ $nor: [{ qty: 1 }] }, { qty: 1 })).toMatchObject({
      operatorName: '$nor',
      clausesSatisfied: [{ index: 0, details: { reason: 'comparison succeeded' } }],
    });
    expect(await detailsOf({ qty: { $not: { $type: 'int' } } }, { qty: 1 })).toMatchObject({
      operatorName: '$not',
      details: { operatorName: '$type', reason: 'type did match' },
    });
    expect(await detailsOf({ $expr: { $gt: ['$a', '$b'] } }, { a: 1, b: 2 })).toMatchObject({
      operatorName: '$expr',
      reason: 'expression did not match',
      expressionResult: false,
    });
  });

  test('[DB43] $jsonSchema as a filter finds what satisfies every keyword', async () => {
    await parts().insertMany([
      { _id: 1, name: 'bolt', qty: 3, tags: ['a', 'b'], size: { w: 1 } },
      { _id: 2, name: 'Ünit', qty: 4.5, tags: ['a', 'a'], size: { w: 1, h: 2 } },
      { _id: 3, qty: '3', tags: [] },
    ]);
    const cases: readonly (readonly [Document, number[]])[] = [
      [{}, [1, 2, 3]],
      [{ required: ['name'] }, [1, 2]],
      [{ properties: { qty: { type: 'number' } } }, [1, 2]],
      [{ properties: { qty: { bsonType: ['int', 'string'] } } }, [1, 3]],
      [{ properties: { qty: { minimum: 3, exclusiveMinimum: true } } }, [2, 3]],
      [{ properties: { qty: { multipleOf: 1.5 } } }, [1, 2, 3]],
      [{ properties: { qty: { multipleOf: 2 } } }, [3]],
      [{ properties: { name: { minLength: 4, maxLength: 4, pattern: '^b' } } }, [1, 3]],
      [{ properties: { qty: { enum: [3, '3'] } } }, [1, 3]],
      [{ properties: { tags: { uniqueItems: true } } }, [1, 3]],
      [{ properties: { tags: { minItems: 1, maxItems: 2 } } }, [1, 2]],
      [{ properties: { tags: { items: { enum: ['a'] } } } }, [2, 3]],
      [{ properties: { tags: { items: [{}], additionalItems: { enum: ['a'] } } } }, [2, 3]],
      [{ properties: { tags: { items: [{}], additionalItems: false } } }, [3]],
      [{ properties: { size: { additionalProperties: false, properties: { w: {} } } } }, [1, 3]],
      [{ properties: { size: { additionalProperties: { maximum: 1 } } } }, [1, 3]],
      [{ properties: { size: { patternProperties: { '^h': { maximum: 1 } } } } }, [1, 3]],
      [{ properties: { size: { minProperties: 2 } } }, [2, 3]],
      [{ maxProperties: 3 }, [3]],
      [{ dependencies: { name: ['size'], size: { properties: { qty: { bsonType: 'int' } } } } }, [1, 3]],
      [{ allOf: [{ required: ['name'] }, { required: ['size'] }] }, [1, 2]],
      [{ anyOf: [{ required: ['nope'] }, { properties: { qty: { type: 'string' } } }] }, [3]],
      [{ oneOf: [{ required: ['name'] }, { required: ['qty'] }] }, [3]],
      [{ not: { required: ['name'] } }, [3]],
      [{ title: 't', description: 'd', bsonType: 'object' }, [1, 2, 3]],
    ];
    for (const [schema, expected] of cases) {
      const found = await parts().find({ $jsonSchema: schema }).sort({ _id: 1 }).toArray();
      expect(
        found.map((each) => each._id),
        JSON.stringify(schema),
      ).toEqual(expected);
    }
    const refused: readonly (readonly [unknown, number])[] = [
      [5, 14],
      [{ nonsense: 1 }, 9],
      [{ $ref: 'x' }, 9],
      [{ type: 'integer' }, 9],
      [{ type: 'string', bsonType: 'string' }, 9],
      [{ required: [] }, 9],
      [{ required: 'name' }, 14],
      [{ minimum: 'x' }, 14],
      [{ exclusiveMinimum: true }, 9],
      [{ multipleOf: 0 }, 9],
      [{ properties: { a: 5 } }, 14],
      [{ bsonType: 'nonsense' }, 2],
      [{ encrypt: {} }, 115],
    ];
    for (const [schema, code] of refused) {
      const failure = await failureOf(
        parts()
          .find({ $jsonSchema: schema as Document })
          .toArray(),
      );
      expect(failure['code'], JSON.stringify(schema)).toBe(code);
    }
  });
});
