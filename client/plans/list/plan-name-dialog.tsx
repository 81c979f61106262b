/** Asks for the name of a plan, new or old. */
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '#client/base/parts/dialog.tsx';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import styles from '#client/plans/dialogs/dialogs.module.css';
import { nameShape } from '#shared/people/shape.ts';

/** `onName` is given a checked name; what it throws is shown and the dialog stays. */
export interface PlanNameDialogProps {
  title: string;
  name: string;
  action: string;
  onName: (name: string) => Promise<void>;
  onClose: () => void;
}

export function PlanNameDialog({ title, name, action, onName, onClose }: PlanNameDialogProps) {
  const { t } = useTranslation('plans');
  const { t: base } = useTranslation();
  const [text, setText] = useState(name);
  const [isWrong, setIsWrong] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const parsed = nameShape.safeParse(text);
    setIsWrong(!parsed.success);
    if (!parsed.success) return;
    setIsBusy(true);
    try {
      await onName(parsed.data);
    } catch (thrown) {
      setError(thrown);
      setIsBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <ErrorBanner error={error} />
        <TextInput
          label={t('list.name')}
          value={text}
          maxLength={120}
          error={isWrong ? base('field.name') : null}
          onChange={(event) => setText(event.currentTarget.value)}
          autoComplete="off"
          ref={input}
        />
        <div className={styles['buttons']}>
          <Button variant="default" onClick={onClose}>
            {base('action.cancel')}
          </Button>
          <Button type="submit" loading={isBusy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
