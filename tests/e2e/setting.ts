/** The stage of the plan tests: a hub, two companies with a workspace and a plan, and a browser for each. */

import { planPath } from '#client/base/paths.ts';
import { acceptPartnerInvitation, invitePartner } from '#shared/partners/calls.ts';
import { createPlan } from '#shared/plans/calls.ts';
import { saved } from '#tests/e2e/plan-steps.ts';
import { heading, signIn, type Visitor } from '#tests/e2e/steps.ts';
import { type Look, openSeat, type Seat } from '#tests/support/browser.ts';
import { callHub, emailOf, makeCompany } from '#tests/support/hub-client.ts';
import { type HubProcess, startHub } from '#tests/support/hub-process.ts';

/** Who sits at the buyer's browser. */
export const eleni: Visitor = { name: 'Eleni Doukas', company: 'Aegean Marine' };

/** Who sits at the supplier's browser. */
export const piotr: Visitor = { name: 'Piotr Zielinski', company: 'Gdansk Pumps' };

/** Name of the plan on stage. */
export const planName = 'Launch of the new pump';

/** A hub with both companies at one plan; it is empty. */
export interface Stage {
  hub: HubProcess;
  buyer: Seat;
  supplier: Seat;
  /** Address of the plan, without the origin. */
  planAddress: string;
  /** Opens one more browser, signed in and in the plan. */
  seat(visitor: Visitor, look?: Look): Promise<Seat>;
  close(): Promise<void>;
}

/** Makes companies and plan by calls, then signs both in through the browser and opens the plan. */
export async function setStage(usual: Look = {}): Promise<Stage> {
  const hub = await startHub();
  const planAddress = await makePlan(hub);
  const seats: Seat[] = [];
  const seat = async (visitor: Visitor, look = usual): Promise<Seat> => {
    const made = await openSeat(hub, look);
    seats.push(made);
    await signIn(made.page, visitor);
    await openPlan(made, planAddress);
    return made;
  };
  const [buyer, supplier] = await Promise.all([seat(eleni), seat(piotr)]);
  return {
    hub,
    buyer,
    supplier,
    planAddress,
    seat,
    async close() {
      await Promise.all(seats.map((each) => each.close()));
      await hub.remove();
    },
  };
}

/** Goes to the plan and waits until its documents stand. */
export async function openPlan(seat: Seat, planAddress: string): Promise<void> {
  await seat.page.goto(planAddress);
  await heading(seat.page, planName).waitFor();
  await saved(seat.page);
}

async function makePlan(hub: HubProcess): Promise<string> {
  const [buyer, supplier] = await Promise.all(
    [eleni, piotr].map((visitor) => makeCompany(hub, visitor.company, visitor.name)),
  );
  const [atBuyer, atSupplier] = [buyer?.accessToken ?? '', supplier?.accessToken ?? ''];
  const { link } = await callHub(
    hub,
    invitePartner,
    {
      relationshipName: 'HX pump programme',
      purpose: '',
      offeredSide: 'supplier',
      email: emailOf(piotr.name),
    },
    atBuyer,
  );
  const secret = new URL(link ?? '').hash.slice(1);
  const relationship = await callHub(hub, acceptPartnerInvitation, { secret }, atSupplier);
  const plan = await callHub(hub, createPlan, { relationshipId: relationship.id, name: planName }, atBuyer);
  return planPath(relationship.id, plan.id);
}
