/** Brings a member of one's own company into a workspace. */
import { Button, NativeSelect } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from '#client/partners/people-panels.module.css';
import { useMembers } from '#client/people/api.ts';
import { type RelationshipRole, relationshipRoleShape } from '#shared/partners/shape.ts';

/** `present` are the ids of members who already take part. */
export interface AddColleagueProps {
  present: readonly string[];
  pending: boolean;
  onAdd: (memberId: string, role: RelationshipRole) => void;
}

/** A closed line until asked for; says so when everyone takes part already. */
export function AddColleague({ present, pending, onAdd }: AddColleagueProps) {
  const { t } = useTranslation('partners');
  const { t: base } = useTranslation();
  const [open, setOpen] = useState(false);
  const [memberId, setMemberId] = useState('');
  const [role, setRole] = useState<RelationshipRole>('editor');
  const { data: members = [] } = useMembers();
  const candidates = members.filter(({ id, active }) => active && !present.includes(id));
  if (!open) {
    return (
      <Button variant="default" size="xs" className={styles['more'] ?? ''} onClick={() => setOpen(true)}>
        {t('people.add')}
      </Button>
    );
  }
  const [first] = candidates;
  if (first === undefined) {
    return (
      <p className={`${styles['nobody']} ${styles['more']}`}>
        {t(members.length > 1 ? 'people.allIn' : 'people.inviteFirst')}
      </p>
    );
  }
  const chosen = candidates.some(({ id }) => id === memberId) ? memberId : first.id;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    onAdd(chosen, role);
    setOpen(false);
  };
  return (
    <form className={styles['add']} onSubmit={onSubmit}>
      <NativeSelect
        label={t('people.colleague')}
        value={chosen}
        onChange={(event) => setMemberId(event.currentTarget.value)}
        data={candidates.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <NativeSelect
        label={t('people.role')}
        description={t(`roleText.${role}`)}
        value={role}
        onChange={(event) => setRole(relationshipRoleShape.parse(event.currentTarget.value))}
        data={relationshipRoleShape.options.map((value) => ({ value, label: t(`role.${value}`) }))}
      />
      <div className={styles['buttons']}>
        <Button type="submit" loading={pending}>
          {t('people.send')}
        </Button>
        <Button variant="default" onClick={() => setOpen(false)}>
          {base('action.cancel')}
        </Button>
      </div>
    </form>
  );
}
