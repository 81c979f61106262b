/** Signing out: at once, or after a question when this device holds edits that the hub has not stored. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUnsentCount } from '#client/base/live/use-save-state.ts';
import { Confirm } from '#client/base/parts/confirm.tsx';
import { leaveSession } from '#client/base/session.ts';

/** The device forgets even when the hub cannot be told, so a failure needs no words. */
function leave(): void {
  leaveSession().catch(() => undefined);
}

/** @param children - draws the control; `ask` signs out, or asks first, because the device forgets unsent edits */
export function SignOut({ children }: { children: (ask: () => void) => ReactNode }) {
  const { t } = useTranslation();
  const unsent = useUnsentCount();
  const [asking, setAsking] = useState(false);
  return (
    <>
      {children(() => (unsent > 0 ? setAsking(true) : leave()))}
      {asking && (
        <Confirm
          title={t('signOut.title')}
          text={t('signOut.unsent', { count: unsent })}
          act={t('signOut.act')}
          pending={false}
          error={null}
          onAct={leave}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
