/** Lets only signed-in people through; others go to sign-in and come back to where they wanted to be. */
import { useTranslation } from 'react-i18next';
import { Navigate, Outlet, useLocation } from 'react-router';
import styles from '#client/app/guard.module.css';
import { type ArrivalState, pathPatterns } from '#client/base/paths.ts';
import { useSession } from '#client/base/session.ts';

/** Wraps the routes of signed-in people. While the hub has not answered, nothing is claimed about the person. */
export function SignedInGuard() {
  const { t } = useTranslation('app');
  const session = useSession();
  const { pathname, search, hash } = useLocation();
  if (session.kind === 'in') {
    return <Outlet />;
  }
  if (session.kind === 'out') {
    const state: ArrivalState = { back: `${pathname}${search}${hash}` };
    return <Navigate to={pathPatterns.signIn} state={state} replace />;
  }
  return (
    <main className={styles['wait']} aria-busy={session.kind === 'starting'}>
      {session.kind !== 'starting' && (
        <div role="status">
          <h1>{t(`${session.kind}.title`)}</h1>
          <p>{t(`${session.kind}.text`)}</p>
        </div>
      )}
    </main>
  );
}
