/** What was not saved, in words: to be read, copied, sent again, or discarded after a question. */
import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Confirm } from '#client/base/parts/confirm.tsx';
import { Dialog } from '#client/base/parts/dialog.tsx';
import { useCodeWords } from '#client/base/words.ts';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import { readUnsaved, type UnsavedPart } from '#client/plans/unsaved/read-unsaved.ts';
import styles from '#client/plans/unsaved/unsaved.module.css';
import { type UnsavedBlock, unsavedText, useUnsavedWords } from '#client/plans/unsaved/use-unsaved-words.ts';

/** The documents with what was refused in them; `onRetry` and `onDiscard` concern all of it. */
export interface UnsavedDialogProps {
  parts: readonly UnsavedPart[];
  onRetry: () => void;
  onDiscard: () => void;
  onClose: () => void;
}

/** Stands while it is rendered. */
export function UnsavedDialog({ parts, onRetry, onDiscard, onClose }: UnsavedDialogProps) {
  const { t } = useTranslation('plans');
  const codeWords = useCodeWords();
  const { latest } = useOpenPlan();
  const [asking, setAsking] = useState(false);
  // Compared with the plan as of the opening, so that nothing moves under the reader's eyes.
  const unsaved = useMemo(() => readUnsaved(parts, latest()), [parts, latest]);
  const blocks = useUnsavedWords()(unsaved);
  if (asking) {
    return (
      <Confirm
        title={t('unsaved.discard.title')}
        text={t('unsaved.discard.text')}
        act={t('unsaved.discard.act')}
        pending={false}
        error={null}
        onAct={onDiscard}
        onClose={() => setAsking(false)}
      />
    );
  }
  return (
    <Dialog title={t('unsaved.title')} onClose={onClose}>
      {unsaved.reasons.map((code) => (
        <p key={code}>{codeWords(code)}</p>
      ))}
      <p className={styles['soft']}>{t('unsaved.kept')}</p>
      {blocks.length === 0 && <p className={styles['nothing']}>{t('unsaved.nothing')}</p>}
      <ul className={styles['blocks']}>
        {blocks.map((block) => (
          <Block key={block.id} block={block} />
        ))}
      </ul>
      <div className={styles['buttons']}>
        <Button
          variant="subtle"
          color="bad"
          onClick={() => setAsking(true)}
          className={styles['first'] ?? ''}
        >
          {t('unsaved.discard.open')}
        </Button>
        <CopyButton text={unsavedText(blocks)} />
        <Button onClick={onRetry}>{t('unsaved.retry')}</Button>
      </div>
    </Dialog>
  );
}

function Block({ block: { title, lines, text } }: { block: UnsavedBlock }) {
  return (
    <li>
      <h3 className={styles['title']}>
        <bdi>{title}</bdi>
      </h3>
      {lines.length > 0 && (
        <ul>
          {lines.map(({ words, now }) => (
            <li key={words} className={styles['line']}>
              <bdi>{words}</bdi>
              {now !== null && <span className={styles['soft']}>{now}</span>}
            </li>
          ))}
        </ul>
      )}
      {text !== null && (
        <p className={styles['text']} dir="auto">
          {text}
        </p>
      )}
    </li>
  );
}

/** The words stay selectable, for browsers that do not let pages copy. */
function CopyButton({ text }: { text: string }) {
  const { t } = useTranslation('plans');
  const { t: base } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  const Icon = copied ? IconCheck : IconCopy;
  return (
    <Button variant="default" onClick={copy} leftSection={<Icon size={16} aria-hidden />}>
      <span aria-live="polite">{copied ? base('action.copied') : t('unsaved.copy')}</span>
    </Button>
  );
}
