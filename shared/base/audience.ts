/** Sides and audiences: the two words every right in the hub is made of. */
import { z } from 'zod';

/** The side of a company in one relationship. */
export const sideShape = z.enum(['buyer', 'supplier']);
export type Side = z.infer<typeof sideShape>;

/** Who may see a thing: both companies, or one side alone. */
export const audienceShape = z.enum(['both', 'buyer', 'supplier']);
export type Audience = z.infer<typeof audienceShape>;

/** The two sides, buyer first. */
export const sides = ['buyer', 'supplier'] as const satisfies readonly Side[];

/** The side across the table. */
export function otherSide(side: Side): Side {
  return side === 'buyer' ? 'supplier' : 'buyer';
}

/** Whether someone of this side may see a thing of this audience. */
export function maySee(audience: Audience, side: Side): boolean {
  return audience === 'both' || audience === side;
}
