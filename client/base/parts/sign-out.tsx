/** Signing out: at once, or after a question when this device holds edits that the hub has not stored. */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUnstored } from '#client/base/live/use-unstored.ts';
import { Confirm } from '#client/base/parts/confirm.tsx';
import { leaveSession } from '#client/base/session.ts';

/** What the question says: how much would be lost, or that it could not be counted. */
type Loss = { count: number } | 'unknown';

/** The device forgets even when the hub cannot be told, so a failure needs no words. */
function leave(): void {
  leaveSession().catch(() => undefined);
}

/** @param children - draws the control; `ask` signs out, or asks first, because the device forgets unsent edits */
export function SignOut({ children }: { children: (ask: () => void) => ReactNode }) {
  const { t } = useTranslation();
  const countUnstored = useUnstored();
  const [loss, setLoss] = useState<Loss | null>(null);
  const ask = async () => {
    const found = await countUnstored().then(
      (count): Loss => ({ count }),
      (): Loss => 'unknown',
    );
    if (found !== 'unknown' && found.count === 0) leave();
    else setLoss(found);
  };
  return (
    <>
      {children(() => void ask())}
      {loss !== null && (
        <Confirm
          title={t('signOut.title')}
          text={loss === 'unknown' ? t('signOut.unknown') : t('signOut.unsent', loss)}
          act={t('signOut.act')}
          pending={false}
          error={null}
          onAct={leave}
          onClose={() => setLoss(null)}
        />
      )}
    </>
  );
}
