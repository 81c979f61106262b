/** The members of one's company as a table; for admins with roles to change and a way to remove. */
import { Button, NativeSelect } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { callHub } from '#client/base/http.ts';
import { useMomentWords } from '#client/base/moments.ts';
import { Confirm } from '#client/base/parts/confirm.tsx';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { updateMe, useMe } from '#client/base/session.ts';
import { applyMember, refreshPeople } from '#client/people/api.ts';
import styles from '#client/people/company-page.module.css';
import type { CallInput } from '#shared/base/call.ts';
import { changeMemberRole, removeMember } from '#shared/people/calls.ts';
import { companyRoleShape, type Member } from '#shared/people/shape.ts';

/** Removed members stay, marked, because history names them. */
export function MembersTable({ members, mayManage }: { members: readonly Member[]; mayManage: boolean }) {
  const { t } = useTranslation('people');
  const me = useMe();
  const [leaving, setLeaving] = useState<Member | null>(null);
  const changing = useMutation({
    mutationFn: (input: CallInput<typeof changeMemberRole>) => callHub(changeMemberRole, input),
    onSuccess: (member) => {
      applyMember(member);
      updateMe({ ...me, member });
    },
  });
  const columns = ['nameColumn', 'emailColumn', 'roleColumn', 'joinedColumn'] as const;
  return (
    <>
      <ErrorBanner error={changing.error} />
      <div className={styles['scroll']}>
        <table className={styles['table']}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th
                  key={column}
                  scope="col"
                  className={column === 'nameColumn' || column === 'roleColumn' ? undefined : styles['wide']}
                >
                  {t(`company.${column}`)}
                </th>
              ))}
              <th scope="col">
                <span className="visually-hidden">{t('company.actionsColumn')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {members.map((member) => (
              <MemberRow
                key={member.id}
                member={member}
                mayManage={mayManage && member.active}
                own={member.id === me.member.id}
                onRole={(role) => changing.mutate({ memberId: member.id, role })}
                onRemove={() => setLeaving(member)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {leaving !== null && <RemoveMember member={leaving} onClose={() => setLeaving(null)} />}
    </>
  );
}

interface MemberRowProps {
  member: Member;
  mayManage: boolean;
  own: boolean;
  onRole: (role: Member['role']) => void;
  onRemove: () => void;
}

function MemberRow({ member, mayManage, own, onRole, onRemove }: MemberRowProps) {
  const { t } = useTranslation('people');
  const { t: base } = useTranslation();
  const { day } = useMomentWords();
  const { name, email, role, joinedAt, active } = member;
  return (
    <tr data-gone={active ? undefined : true}>
      <td className={styles['name']}>
        <bdi>{own ? base('person.you', { name }) : name}</bdi>
      </td>
      <td className={styles['wide']}>
        <bdi>{email}</bdi>
      </td>
      <td>
        {mayManage ? (
          <NativeSelect
            aria-label={t('company.roleOf', { name })}
            value={role}
            onChange={(event) => onRole(companyRoleShape.parse(event.currentTarget.value))}
            data={companyRoleShape.options.map((value) => ({ value, label: t(`company.role.${value}`) }))}
          />
        ) : (
          t(active ? `company.role.${role}` : 'company.removed')
        )}
      </td>
      <td className={styles['wide']}>
        <time dateTime={joinedAt} className={styles['soft']}>
          {day(joinedAt)}
        </time>
      </td>
      <td>
        {mayManage && !own && (
          <Button
            variant="subtle"
            color="bad"
            size="xs"
            onClick={onRemove}
            aria-label={t('company.removeLabel', { name })}
          >
            {t('company.remove')}
          </Button>
        )}
      </td>
    </tr>
  );
}

function RemoveMember({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useTranslation('people');
  const { company } = useMe();
  const removing = useMutation({
    mutationFn: () => callHub(removeMember, { memberId: member.id }),
    onSuccess: async () => {
      await refreshPeople('members');
      onClose();
    },
  });
  return (
    <Confirm
      title={t('company.removeTitle', { name: member.name })}
      text={t('company.removeText', { company: company.name })}
      act={t('company.remove')}
      pending={removing.isPending}
      error={removing.error}
      onAct={() => removing.mutate()}
      onClose={onClose}
    />
  );
}
