/** The demo on the sign-in page: one button a side; absent where this hub does not offer it. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import styles from '#client/app/entrance/demo-offer.module.css';
import { callHub } from '#client/base/http.ts';
import { CompanyChip } from '#client/base/parts/company-chip.tsx';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { pathPatterns } from '#client/base/paths.ts';
import { enterSession } from '#client/base/session.ts';
import { type Side, sides } from '#shared/base/audience.ts';
import { enterDemo, getDemo } from '#shared/demo/calls.ts';
import { demoCompanies } from '#shared/demo/companies.ts';

/** Entering makes the demo when it is used for the first time, which takes a moment. */
export function DemoOffer() {
  const { t } = useTranslation('app');
  const navigate = useNavigate();
  const { data } = useQuery({ queryKey: ['demo'], queryFn: () => callHub(getDemo, {}) });
  const entering = useMutation({
    mutationFn: (side: Side) => callHub(enterDemo, { side }),
    onSuccess: async (signedIn) => {
      enterSession(signedIn);
      await navigate(pathPatterns.home, { replace: true });
    },
  });
  if (data?.offered !== true) {
    return null;
  }
  return (
    <section className={styles['demo']} aria-labelledby="demo-title">
      <h2 id="demo-title">{t('demo.title')}</h2>
      <p>{t('demo.text')}</p>
      <ErrorBanner error={entering.error} />
      <div className={styles['sides']}>
        {sides.map((side) => (
          <button
            key={side}
            type="button"
            className={styles['side']}
            disabled={entering.isPending}
            aria-busy={entering.isPending && entering.variables === side}
            onClick={() => entering.mutate(side)}
          >
            <span className={styles['as']}>{t(side === 'buyer' ? 'demo.asBuyer' : 'demo.asSupplier')}</span>
            <CompanyChip name={demoCompanies[side].company} side={side} />
          </button>
        ))}
      </div>
    </section>
  );
}
