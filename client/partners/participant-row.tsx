/** One person of a workspace: mark, name, role; for leads of their company a choice of role and a way out. */
import { Button, NativeSelect } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { PersonAvatar } from '#client/base/parts/person-avatar.tsx';
import { useMe } from '#client/base/session.ts';
import styles from '#client/partners/people-panels.module.css';
import { type Participant, type RelationshipRole, relationshipRoleShape } from '#shared/partners/shape.ts';

/** What a row shows and does. */
export interface ParticipantRowProps {
  participant: Participant;
  mayManage: boolean;
  onRole: (role: RelationshipRole) => void;
  onRemove: () => void;
}

/** Oneself is named by the word "you", not by a colour. */
export function ParticipantRow({ participant, mayManage, onRole, onRemove }: ParticipantRowProps) {
  const { t } = useTranslation('partners');
  const { member: me } = useMe();
  const { member, side, role } = participant;
  const { name } = member;
  return (
    <li className={styles['person']}>
      <PersonAvatar name={name} side={side} size={28} decorative />
      <span className={styles['name']}>
        <bdi>{member.id === me.id ? t('people.you', { name }) : name}</bdi>
      </span>
      {mayManage ? (
        <>
          <NativeSelect
            size="xs"
            aria-label={t('people.roleOf', { name })}
            value={role}
            onChange={(event) => onRole(relationshipRoleShape.parse(event.currentTarget.value))}
            data={relationshipRoleShape.options.map((value) => ({ value, label: t(`role.${value}`) }))}
          />
          <Button
            variant="subtle"
            size="compact-sm"
            className={styles['out'] ?? ''}
            onClick={onRemove}
            aria-label={t('people.removeLabel', { name })}
            title={t('people.removeLabel', { name })}
          >
            <IconX size={15} stroke={1.7} aria-hidden />
          </Button>
        </>
      ) : (
        <span className={styles['role']}>{t(`role.${role}`)}</span>
      )}
    </li>
  );
}
