/** The sign-in page with the demo below it. */
import { DemoOffer } from '#client/app/entrance/demo-offer.tsx';
import { SignInPage } from '#client/people/sign-in-page.tsx';

/** What visitors see first. */
export function EntrancePage() {
  return <SignInPage below={<DemoOffer />} />;
}
