/** Who else is in the plan now, in the header: a click goes to where they stand. */
import { useTranslation } from 'react-i18next';
import { PersonAvatar } from '#client/base/parts/person-avatar.tsx';
import styles from '#client/plans/head/head.module.css';
import { type PersonHere, peopleHere } from '#client/plans/others.ts';
import type { CellPlace } from '#client/plans/table/columns.ts';
import type { PresentPerson } from '#shared/base/live.ts';

const most = 5;

/**
 * At most five avatars, then how many more.
 * @param unnamed - tabs here whose people the hub does not name, because there are so many
 */
export function PeopleHere({
  people,
  unnamed,
  onGo,
}: {
  people: readonly PresentPerson[];
  unnamed: number;
  onGo: (cell: CellPlace) => void;
}) {
  const { t } = useTranslation('plans');
  const here = peopleHere(people);
  if (here.length === 0) return null;
  const more = here.slice(most);
  return (
    <ul className={styles['people']} aria-label={t('here.label')}>
      {here.slice(0, most).map((person) => (
        <li key={person.memberId}>
          <Person person={person} onGo={onGo} />
        </li>
      ))}
      {more.length + unnamed > 0 && (
        <li className={styles['more']} title={more.map(({ name }) => name).join(', ')}>
          {t('here.more', { count: more.length + unnamed })}
        </li>
      )}
    </ul>
  );
}

function Person({ person, onGo }: { person: PersonHere; onGo: (cell: CellPlace) => void }) {
  const { name, companyName, side, state, cell } = person;
  const avatar = <PersonAvatar name={name} companyName={companyName} side={side} state={state} size={28} />;
  if (cell === null) return avatar;
  return (
    <button type="button" className={styles['person']} onClick={() => onGo(cell)}>
      {avatar}
    </button>
  );
}
