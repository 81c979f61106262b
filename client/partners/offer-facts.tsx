/** What an invitation offers, fact by fact, and what accepting shows to the other company. */
import { useTranslation } from 'react-i18next';
import { useMomentWords } from '#client/base/moments.ts';
import { CompanyChip } from '#client/base/parts/company-chip.tsx';
import { SideMark } from '#client/base/parts/side-mark.tsx';
import styles from '#client/partners/offer.module.css';
import { otherSide } from '#shared/base/audience.ts';
import type { PartnerOffer } from '#shared/partners/shape.ts';

/** A purpose that was left empty is left out. */
export function OfferFacts({ offer }: { offer: PartnerOffer }) {
  const { t } = useTranslation('partners');
  const { t: base } = useTranslation();
  const { day } = useMomentWords();
  const { relationshipName, purpose, fromCompany, fromPerson, offeredSide, email, expiresAt } = offer;
  return (
    <>
      <dl className={styles['facts']}>
        <dt>{t('offer.workspace')}</dt>
        <dd>
          <bdi className={styles['strong']}>{relationshipName}</bdi>
        </dd>
        {purpose !== '' && (
          <>
            <dt>{t('offer.purpose')}</dt>
            <dd dir="auto" className={styles['purpose']}>
              {purpose}
            </dd>
          </>
        )}
        <dt>{t('offer.from')}</dt>
        <dd className={styles['from']}>
          <bdi>{fromPerson}</bdi>
          <CompanyChip name={fromCompany} side={otherSide(offeredSide)} />
        </dd>
        <dt>{t('offer.yourSide')}</dt>
        <dd className={styles['side']}>
          <SideMark side={offeredSide} />
          {base(`side.${offeredSide}`)}
        </dd>
        <dt>{t('offer.for')}</dt>
        <dd>
          <bdi>{email}</bdi>
        </dd>
        <dt>{t('offer.until')}</dt>
        <dd>
          <time dateTime={expiresAt}>{day(expiresAt)}</time>
        </dd>
      </dl>
      <section className={styles['sees']}>
        <h2>{t('offer.seesTitle', { company: fromCompany })}</h2>
        <p>{t('offer.sees')}</p>
      </section>
    </>
  );
}
