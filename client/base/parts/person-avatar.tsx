/** The avatar of a person: a square at the buyer, a circle at the supplier; fill, ring and outline tell presence. */
import { useTranslation } from 'react-i18next';
import { initialsOf } from '#client/base/parts/initials.ts';
import styles from '#client/base/parts/person-avatar.module.css';
import type { Side } from '#shared/base/audience.ts';

/** `listed` stands in lists and says nothing of presence; here = filled, editing = ringed, idle = outlined. */
export type AvatarState = 'listed' | 'here' | 'editing' | 'idle';

/** What an avatar shows. */
export interface PersonAvatarProps {
  name: string;
  side: Side;
  /** Said beside the name; leave out where the company stands in words next to the avatar. */
  companyName?: string;
  state?: AvatarState;
  /** Pixels; 24 unless told. */
  size?: 20 | 24 | 28 | 32;
  /** Set where the name stands in words next to the avatar. */
  decorative?: boolean;
}

/** Initials in the shape of the side. */
export function PersonAvatar(props: PersonAvatarProps) {
  const { name, side, companyName, state = 'listed', size = 24, decorative = false } = props;
  const { t } = useTranslation();
  const person = companyName === undefined ? name : t('person.of', { name, company: companyName });
  const label = state === 'listed' ? person : t(`person.${state}`, { person });
  const word = decorative ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label, title: label };
  return (
    <span className={styles['avatar']} data-side={side} data-state={state} data-size={size} {...word}>
      {initialsOf(name)}
    </span>
  );
}
