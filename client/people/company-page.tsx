/** One's own company: its members, their roles, and the invitations of colleagues. */
import '#client/people/words.ts';
import { useTranslation } from 'react-i18next';
import { Loaded } from '#client/base/parts/loaded.tsx';
import { PageHead } from '#client/base/parts/page-head.tsx';
import { Panel } from '#client/base/parts/panel.tsx';
import { useMe } from '#client/base/session.ts';
import { useMembers } from '#client/people/api.ts';
import { ColleagueInvitations } from '#client/people/colleague-invitations.tsx';
import styles from '#client/people/company-page.module.css';
import { MembersTable } from '#client/people/members-table.tsx';

/** Everyone sees the members; admins also change roles and invite. */
export function CompanyPage() {
  const { t } = useTranslation('people');
  const { member, company } = useMe();
  const members = useMembers();
  const mayManage = member.role === 'admin';
  const count = members.data?.filter(({ active }) => active).length;
  return (
    <>
      <PageHead title={company.name} />
      <div className={styles['page']}>
        <Panel
          title={t('company.members')}
          aside={
            count !== undefined && <span className={styles['count']}>{t('company.count', { count })}</span>
          }
        >
          <Loaded query={members}>{(list) => <MembersTable members={list} mayManage={mayManage} />}</Loaded>
          {!mayManage && <p className={styles['note']}>{t('company.onlyAdmins')}</p>}
        </Panel>
        {mayManage && <ColleagueInvitations />}
      </div>
    </>
  );
}
