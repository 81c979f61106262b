/** All addresses and the pages behind them; every page is loaded when first visited. The only place that joins rooms. */
import { lazy, Suspense } from 'react';
import { createBrowserRouter, type RouteObject } from 'react-router';
import { SignedInGuard } from '#client/app/guard.tsx';
import { AbsentPage, FailedPage } from '#client/app/problem-pages.tsx';
import { pathPatterns } from '#client/base/paths.ts';

/** Pages for anyone: no frame around them. */
const openPages: RouteObject[] = [
  {
    path: pathPatterns.signIn,
    lazy: async () => ({ Component: (await import('#client/app/entrance/entrance-page.tsx')).EntrancePage }),
  },
  {
    path: pathPatterns.createCompany,
    lazy: async () => ({
      Component: (await import('#client/people/create-company-page.tsx')).CreateCompanyPage,
    }),
  },
  {
    path: pathPatterns.join,
    lazy: async () => ({ Component: (await import('#client/people/join-page.tsx')).JoinPage }),
  },
  {
    path: pathPatterns.invitation,
    lazy: async () => ({ Component: (await import('#client/partners/invitation-page.tsx')).InvitationPage }),
  },
];

const loadHome = async () => ({ default: (await import('#client/app/home/home-page.tsx')).HomePage });

/** Loaded when shown and not when matched: a visitor's first address is this one too, before signing in. */
const HomePage = lazy(loadHome);

/** Pages of signed-in people, inside the frame. */
const framedPages: RouteObject[] = [
  { path: pathPatterns.home, Component: HomePage },
  {
    path: pathPatterns.company,
    lazy: async () => ({ Component: (await import('#client/people/company-page.tsx')).CompanyPage }),
  },
  {
    path: pathPatterns.me,
    lazy: async () => ({ Component: (await import('#client/people/me-page.tsx')).MePage }),
  },
  {
    path: pathPatterns.invitePartner,
    lazy: async () => ({
      Component: (await import('#client/partners/invite-partner-page.tsx')).InvitePartnerPage,
    }),
  },
  {
    path: pathPatterns.relationship,
    lazy: async () => ({
      Component: (await import('#client/app/workspace/workspace-page.tsx')).WorkspacePage,
    }),
  },
  {
    path: pathPatterns.plans,
    lazy: async () => ({ Component: (await import('#client/plans/plans-page.tsx')).PlansPage }),
  },
  {
    path: pathPatterns.plan,
    lazy: async () => ({ Component: (await import('#client/app/workspace/plan-route.tsx')).PlanRoute }),
  },
  { path: '*', Component: AbsentPage },
];

/** Shown for the moment in which the first page is loaded; a word here would only flicker. */
function BlankPage() {
  return null;
}

const Shell = lazy(async () => ({ default: (await import('#client/app/shell/shell.tsx')).Shell }));

/** The frame is loaded when somebody is signed in, so that the first page of a visitor stays light. */
function Frame() {
  return (
    <Suspense fallback={<BlankPage />}>
      <Shell />
    </Suspense>
  );
}

/** The router; made once at the start of the page. */
export function createRouter() {
  return createBrowserRouter([
    {
      HydrateFallback: BlankPage,
      ErrorBoundary: FailedPage,
      children: [
        ...openPages,
        {
          Component: SignedInGuard,
          children: [{ Component: Frame, children: [{ ErrorBoundary: FailedPage, children: framedPages }] }],
        },
      ],
    },
  ]);
}

/** Loads the pages of signed-in people ahead, so that moving between them needs no network. */
export function prefetchPages(): void {
  for (const load of [loadHome, ...framedPages.map((page) => page.lazy)]) {
    if (typeof load === 'function') {
      // What fails now is loaded when it is visited.
      load().catch(() => undefined);
    }
  }
}
