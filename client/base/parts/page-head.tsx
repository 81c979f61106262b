/** The head of a page, shown in the frame's header: companies, title, people here now, save state, primary button. */
import { IconArrowRight, IconInfoCircle, IconPlayerPause } from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { CompanyChip } from '#client/base/parts/company-chip.tsx';
import styles from '#client/base/parts/page-head.module.css';
import { usePageSlot } from '#client/base/parts/page-slot.ts';

/** A workspace as the header shows it. */
export interface HeadWorkspace {
  name: string;
  buyer: { name: string };
  supplier: { name: string };
  /** Told beside the title unless it is active. */
  state: 'active' | 'paused' | 'exiting' | 'ended';
}

/** What a page puts into the header, in reading order. */
export interface PageHeadProps {
  /** The one level-1 heading, and the first part of the document's title. */
  title: string;
  /** Shown instead of the plain title, inside the heading; for titles that can be edited in place. */
  titleContent?: ReactNode;
  /** Both companies and the workspace's name, on pages of a workspace. */
  workspace?: HeadWorkspace | undefined;
  /** Avatars of people here now. */
  people?: ReactNode;
  saveState?: ReactNode;
  /** The one primary button. */
  primary?: ReactNode;
}

/** Renders into the frame's header, names the browser tab after object and workspace. */
export function PageHead({ title, titleContent, workspace, people, saveState, primary }: PageHeadProps) {
  const { t } = useTranslation();
  const slot = usePageSlot();
  const place = workspace?.name;
  useEffect(() => {
    const parts = place === undefined || place === title ? [title] : [title, place];
    document.title = [...parts, t('product')].join(' · ');
  }, [title, place, t]);
  if (slot === null) {
    return null;
  }
  return createPortal(
    <>
      {workspace !== undefined && (
        <span className={styles['companies']}>
          <CompanyChip name={workspace.buyer.name} side="buyer" shrinks />
          <IconArrowRight className={styles['arrow']} size={14} stroke={1.7} aria-hidden />
          <CompanyChip name={workspace.supplier.name} side="supplier" shrinks />
        </span>
      )}
      <h1 className={styles['title']} tabIndex={-1}>
        {titleContent ?? <bdi>{title}</bdi>}
      </h1>
      {workspace !== undefined && <WorkspaceState state={workspace.state} />}
      <span className={styles['space']} />
      {people}
      {saveState !== undefined && <span className={styles['saveState']}>{saveState}</span>}
      {primary !== undefined && <span className={styles['primary']}>{primary}</span>}
    </>,
    slot,
  );
}

/** Stands empty for an active workspace, so that a change of it is announced. */
function WorkspaceState({ state }: Pick<HeadWorkspace, 'state'>) {
  const { t } = useTranslation();
  const Icon = state === 'paused' ? IconPlayerPause : IconInfoCircle;
  return (
    <span role="status" className={styles['state']}>
      {state !== 'active' && (
        <>
          <Icon size={15} stroke={1.9} aria-hidden />
          <span className={styles['words']} title={t(`workspaceState.${state}Text`)}>
            {t(`workspaceState.${state}`)}
          </span>
        </>
      )}
    </span>
  );
}
