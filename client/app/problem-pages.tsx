/** What is shown when an address leads nowhere, or when a page fails to show. */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useRouteError } from 'react-router';
import { EmptyState } from '#client/base/parts/empty-state.tsx';
import { PageHead } from '#client/base/parts/page-head.tsx';
import { pathPatterns } from '#client/base/paths.ts';
import { AppError } from '#shared/base/errors.ts';

/** Absent and foreign things look alike. */
export function AbsentPage() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t('absent.title')} />
      <EmptyState
        kind="noAccess"
        title={t('absent.title')}
        text={t('absent.text')}
        action={
          <Button component={Link} to={pathPatterns.home} variant="default">
            {t('absent.home')}
          </Button>
        }
      />
    </>
  );
}

/** Shown by the router in place of a page that threw while rendering or loading. */
export function FailedPage() {
  const { t } = useTranslation();
  const error = useRouteError();
  if (error instanceof AppError && error.code === 'thing.absent') {
    return <AbsentPage />;
  }
  return (
    <>
      <PageHead title={t('failed.title')} />
      <EmptyState
        kind="error"
        title={t('failed.title')}
        text={t('failed.text')}
        action={
          <Button variant="default" onClick={() => window.location.reload()}>
            {t('action.retry')}
          </Button>
        }
      />
    </>
  );
}
