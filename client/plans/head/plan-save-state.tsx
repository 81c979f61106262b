/** The save state of everything open in the plan, in the header; a click tells it document by document. */
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveView } from '#client/base/live/live-view.ts';
import { useSaveState } from '#client/base/live/use-save-state.ts';
import { SaveStateMark } from '#client/base/parts/save-state-mark.tsx';
import styles from '#client/plans/head/head.module.css';
import { FloatingBox } from '#client/plans/parts/floating-box.tsx';

/** One document with what people call it. */
export interface NamedDocument {
  name: string;
  words: string;
}

/** The documents in order of importance, and the views that can be asked to try again. */
export interface PlanSaveStateProps {
  documents: readonly NamedDocument[];
  views: readonly LiveView[];
}

/** One state over all; what was refused can be sent again. */
export function PlanSaveState({ documents, views }: PlanSaveStateProps) {
  const { t } = useTranslation('plans');
  const state = useSaveState(documents.map(({ name }) => name));
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const retry = () => {
    for (const view of views) void view.retryRefused();
  };
  return (
    <span className={styles['saveState']}>
      <SaveStateMark state={state} onRetry={retry} />
      <button
        ref={button}
        type="button"
        className={styles['details']}
        aria-label={t('save.details')}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
      {open && button.current !== null && (
        <FloatingBox anchor={button.current} onClose={() => setOpen(false)} className={styles['detailBox']}>
          <dl className={styles['detailList']}>
            {documents.map((document) => (
              <DocumentState key={document.name} document={document} />
            ))}
          </dl>
          <p className={styles['promise']}>{t('save.promise')}</p>
        </FloatingBox>
      )}
    </span>
  );
}

function DocumentState({ document }: { document: NamedDocument }) {
  const state = useSaveState([document.name]);
  return (
    <div>
      <dt>{document.words}</dt>
      <dd>
        <SaveStateMark state={state} />
      </dd>
    </div>
  );
}
