/** A text to hand on, such as a link, with a button that copies it. */
import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from '#client/base/parts/copy-field.module.css';

/** `primary` makes copying the page's main button. The text stays selectable where pages may not copy. */
export function CopyField({
  label,
  value,
  primary = false,
}: {
  label: string;
  value: string;
  primary?: boolean;
}) {
  const { t } = useTranslation();
  const id = useId();
  const [copied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard?.writeText(value).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      <div className={styles['row']}>
        <input id={id} readOnly dir="ltr" value={value} onFocus={(event) => event.currentTarget.select()} />
        <Button
          variant={primary ? 'filled' : 'default'}
          onClick={copy}
          leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
        >
          <span aria-live="polite">{copied ? t('action.copied') : t('action.copyLink')}</span>
        </Button>
      </div>
    </div>
  );
}
