/** The demo: two made-up companies to look around in; never offered in production. */
import { z } from 'zod';
import { sideShape } from '#shared/base/audience.ts';
import { defineCall } from '#shared/base/call.ts';
import { signedInShape } from '#shared/people/shape.ts';

/** Whether this hub offers the demo. */
export const getDemo = defineCall({
  name: 'demo.getDemo',
  method: 'GET',
  path: '/api/demo',
  access: 'anyone',
  input: z.strictObject({}),
  output: z.strictObject({ offered: z.boolean() }),
});

/** Signs in as the demo's person of one side, making the demo on first use. @throws thing.absent in production */
export const enterDemo = defineCall({
  name: 'demo.enterDemo',
  method: 'POST',
  path: '/api/demo/enter',
  access: 'anyone',
  pace: 'strict',
  input: z.strictObject({ side: sideShape }),
  output: signedInShape,
});
