/** The ways to answer an invitation, for whoever looks at it: signed out, at another address, no admin, or its addressee. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useNavigate } from 'react-router';
import { callHub } from '#client/base/http.ts';
import { Confirm } from '#client/base/parts/confirm.tsx';
import { EmptyState } from '#client/base/parts/empty-state.tsx';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { SignOut } from '#client/base/parts/sign-out.tsx';
import { type ArrivalState, pathPatterns, relationshipPath } from '#client/base/paths.ts';
import { useSession } from '#client/base/session.ts';
import { refreshInvitations, refreshRelationships } from '#client/partners/api.ts';
import styles from '#client/partners/offer.module.css';
import { type Onlooker, onlookerOf } from '#client/partners/onlooker.ts';
import { acceptPartnerInvitation, declinePartnerInvitation } from '#shared/partners/calls.ts';
import type { PartnerOffer } from '#shared/partners/shape.ts';

/** What the answers need. */
export interface OfferAnswerProps {
  offer: PartnerOffer;
  secret: string;
  onDeclined: () => void;
}

/** Everyone who holds the link may decline; only its addressee may accept. */
export function OfferAnswer({ offer, secret, onDeclined }: OfferAnswerProps) {
  const session = useSession();
  const onlooker = onlookerOf(offer, session);
  if (onlooker.kind === 'unknown') {
    return null;
  }
  return (
    <div className={styles['answer']}>
      {onlooker.kind === 'stranger' && <StrangerAnswer offer={offer} />}
      <HindranceNote onlooker={onlooker} offer={offer} />
      <div className={styles['buttons']}>
        {onlooker.kind === 'addressee' && <AcceptButton company={onlooker.company} secret={secret} />}
        <DeclineButton offer={offer} secret={secret} onDeclined={onDeclined} />
      </div>
    </div>
  );
}

function StrangerAnswer({ offer }: { offer: PartnerOffer }) {
  const { t } = useTranslation('partners');
  const { pathname, hash } = useLocation();
  const state: ArrivalState = { back: `${pathname}${hash}`, email: offer.email };
  return (
    <>
      <div className={styles['buttons']}>
        <Button component={Link} to={pathPatterns.createCompany} state={state}>
          {t('offer.create')}
        </Button>
        <Button component={Link} to={pathPatterns.signIn} state={state} variant="default">
          {t('offer.signIn')}
        </Button>
      </div>
      <p className={styles['note']}>{t('offer.createText', { email: offer.email })}</p>
    </>
  );
}

function HindranceNote({ onlooker, offer }: { onlooker: Onlooker; offer: PartnerOffer }) {
  const { t } = useTranslation('partners');
  if (onlooker.kind === 'otherAddress') {
    return (
      <EmptyState
        kind="noAccess"
        title={t('offer.otherAddressTitle', { email: onlooker.email })}
        text={t('offer.otherAddressText', { invited: offer.email })}
        action={
          <SignOut>
            {(ask) => (
              <Button variant="default" onClick={ask}>
                {t('offer.signOut')}
              </Button>
            )}
          </SignOut>
        }
      />
    );
  }
  if (onlooker.kind === 'notAdmin') {
    const text = t('offer.notAdminText', { company: onlooker.company });
    return <EmptyState kind="noAccess" title={t('offer.notAdminTitle')} text={text} />;
  }
  return null;
}

function AcceptButton({ company, secret }: { company: string; secret: string }) {
  const { t } = useTranslation('partners');
  const navigate = useNavigate();
  const accepting = useMutation({
    mutationFn: () => callHub(acceptPartnerInvitation, { secret }),
    onSuccess: async ({ id }) => {
      await refreshRelationships();
      await refreshInvitations();
      await navigate(relationshipPath(id), { replace: true });
    },
  });
  return (
    <>
      <ErrorBanner error={accepting.error} />
      <Button loading={accepting.isPending} onClick={() => accepting.mutate()}>
        {t('offer.accept', { company })}
      </Button>
    </>
  );
}

function DeclineButton({ offer, secret, onDeclined }: OfferAnswerProps) {
  const { t } = useTranslation('partners');
  const [asked, setAsked] = useState(false);
  const declining = useMutation({
    mutationFn: () => callHub(declinePartnerInvitation, { secret }),
    onSuccess: onDeclined,
  });
  return (
    <>
      <Button variant="default" onClick={() => setAsked(true)}>
        {t('offer.decline')}
      </Button>
      {asked && (
        <Confirm
          title={t('offer.declineTitle')}
          text={t('offer.declineText', { company: offer.fromCompany })}
          act={t('offer.decline')}
          pending={declining.isPending}
          error={declining.error}
          onAct={() => declining.mutate()}
          onClose={() => setAsked(false)}
        />
      )}
    </>
  );
}
