/** The save state of everything in the plan, in the header; a click tells it document by document. */
import { Button } from '@mantine/core';
import { useMemo, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { LiveView } from '#client/base/live/live-view.ts';
import { useSaveState } from '#client/base/live/use-save-state.ts';
import { SaveStateMark } from '#client/base/parts/save-state-mark.tsx';
import styles from '#client/plans/head/head.module.css';
import { type PlanPart, usePlanParts } from '#client/plans/head/use-plan-parts.ts';
import { FloatingBox } from '#client/plans/parts/floating-box.tsx';
import { UnsavedDialog } from '#client/plans/unsaved/unsaved-dialog.tsx';
import type { PlanDocs } from '#shared/plans/doc.ts';

/** The documents as joined, and the row whose note is open. */
export interface PlanSaveStateProps {
  live: Record<keyof PlanDocs, LiveView>;
  openNote: string | null;
}

/** One state over all; what was refused can be read, sent again, and discarded. */
export function PlanSaveState({ live, openNote }: PlanSaveStateProps) {
  const { t } = useTranslation('plans');
  const parts = usePlanParts(live, openNote);
  const state = useSaveState(parts.map(({ name }) => name));
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState<'details' | 'unsaved' | null>(null);
  const retry = () => {
    for (const { view } of parts) void view.retryRefused();
  };
  const close = () => {
    setOpen(null);
    // What was pressed is gone with the dialog, which holds the focus until it is closed.
    requestAnimationFrame(() => button.current?.focus());
  };
  return (
    <span className={styles['saveState']}>
      <SaveStateMark state={state} onRetry={retry} />
      <button
        ref={button}
        type="button"
        className={styles['details']}
        aria-label={t('save.details')}
        aria-expanded={open === 'details'}
        onClick={() => setOpen(open === null ? 'details' : null)}
      />
      {open === 'details' && button.current !== null && (
        <FloatingBox anchor={button.current} onClose={() => setOpen(null)} className={styles['detailBox']}>
          <Details parts={parts} onUnsaved={() => setOpen('unsaved')} />
        </FloatingBox>
      )}
      {open === 'unsaved' &&
        // A dialog has a head of its own, which may not stand in the head of the page.
        createPortal(<PlanUnsaved parts={parts} onRetry={retry} onClose={close} />, document.body)}
    </span>
  );
}

function Details({ parts, onUnsaved }: { parts: readonly PlanPart[]; onUnsaved: () => void }) {
  const { t } = useTranslation('plans');
  const hasUnsaved = parts.some(({ view }) => view.refused.length > 0);
  return (
    <>
      <dl className={styles['detailList']}>
        {parts.map((part) => (
          <PartState key={part.name} part={part} />
        ))}
      </dl>
      {hasUnsaved && (
        <Button variant="default" fullWidth autoFocus onClick={onUnsaved} className={styles['show'] ?? ''}>
          {t('unsaved.show')}
        </Button>
      )}
      <p className={styles['promise']}>{t('save.promise')}</p>
    </>
  );
}

function PartState({ part }: { part: PlanPart }) {
  const state = useSaveState([part.name]);
  return (
    <div>
      <dt>{part.words}</dt>
      <dd>
        <SaveStateMark state={state} />
      </dd>
    </div>
  );
}

/** The dialog shows what there was when it was opened. */
function PlanUnsaved(props: { parts: readonly PlanPart[]; onRetry: () => void; onClose: () => void }) {
  const { parts, onRetry, onClose } = props;
  const [shown] = useState(parts);
  const unsaved = useMemo(() => shown.map((part) => part.unsaved), [shown]);
  return (
    <UnsavedDialog
      parts={unsaved}
      onRetry={() => {
        onRetry();
        onClose();
      }}
      onDiscard={() => {
        for (const { view, unsaved: shownPart } of shown) {
          if (shownPart.refused.length > 0) void view.dropRefused(shownPart.refused.map(({ id }) => id));
        }
        onClose();
      }}
      onClose={onClose}
    />
  );
}
