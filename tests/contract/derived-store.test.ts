/** The contract of stores of derived records on both adapters: in memory, and on the database the hub would use. */
import { describe } from 'vitest';
import { createMemoryDerivedStore } from '#server/base/live/derived/memory-derived-store.ts';
import { DerivedModel, QuarantineModel } from '#server/base/live/derived/model.ts';
import { createMongoDerivedStore } from '#server/base/live/derived/mongo-derived-store.ts';
import { derivedStoreSuite } from '#tests/contract/derived-store-suite.ts';
import { provideDatabase } from '#tests/contract/open-database.ts';

provideDatabase([DerivedModel, QuarantineModel]);

const memory = createMemoryDerivedStore();

describe('[LV91] [LV93] [LV94] [LV95] one contract for both', () => {
  derivedStoreSuite('memory', () => memory);
  derivedStoreSuite('MongoDB', createMongoDerivedStore);
});
