/** Where one is signed in; each other session can be ended. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { callHub } from '#client/base/http.ts';
import { useMomentWords } from '#client/base/moments.ts';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { Loaded } from '#client/base/parts/loaded.tsx';
import { SignOut } from '#client/base/parts/sign-out.tsx';
import { refreshPeople, useSessions } from '#client/people/api.ts';
import { deviceName } from '#client/people/me/device-name.ts';
import styles from '#client/people/me-page.module.css';
import { endSession } from '#shared/people/calls.ts';

/** The session of this device is named; ending it is signing out, which on phones has no other place. */
export function SessionList() {
  const { t } = useTranslation('people');
  const { day, moment } = useMomentWords();
  const nameOf = useDeviceWords();
  const sessions = useSessions();
  const ending = useMutation({
    mutationFn: (sessionId: string) => callHub(endSession, { sessionId }),
    onSettled: () => refreshPeople('sessions'),
  });
  return (
    <>
      <ErrorBanner error={ending.error} />
      <Loaded query={sessions}>
        {(list) => (
          <ul className={styles['list']}>
            {list.map(({ id, device, createdAt, lastSeenAt, current }) => (
              <li key={id} className={styles['row']}>
                <span>
                  <span className={styles['device']}>
                    <bdi title={device}>{nameOf(device)}</bdi>
                    {current && <span className={styles['here']}>{t('me.thisDevice')}</span>}
                  </span>
                  <span className={styles['note']}>
                    {t('me.seen', { moment: moment(lastSeenAt), day: day(createdAt) })}
                  </span>
                </span>
                <SignOut>
                  {(ask) => (
                    <Button
                      variant="default"
                      size="xs"
                      aria-label={t('me.endLabel', { device: nameOf(device) })}
                      onClick={() => (current ? ask() : ending.mutate(id))}
                    >
                      {t('me.end')}
                    </Button>
                  )}
                </SignOut>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </>
  );
}

/** What is not known is shown as the browser sent it. */
function useDeviceWords(): (userAgent: string) => string {
  const { t } = useTranslation('people');
  return (userAgent) => {
    const { browser, system } = deviceName(userAgent);
    return browser !== null && system !== null
      ? t('me.device', { browser, system })
      : (browser ?? system ?? userAgent);
  };
}
