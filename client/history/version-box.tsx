/** Naming the moment shown; or, where it is a named version, renaming it and taking the name off. */
import { Button, TextInput } from '@mantine/core';
import { IconFlag3 } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Confirm } from '#client/base/parts/confirm.tsx';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { useNameVersion, useRemoveVersion, useRenameVersion } from '#client/history/use-versions.ts';
import styles from '#client/history/version-box.module.css';
import type { Subject, Version } from '#shared/history/shape.ts';

/** `version` is the one that is shown, null for a moment without a name; `atMs` null for the present. */
export interface VersionBoxProps {
  subject: Subject;
  atMs: number | null;
  version: Version | null;
  /** Whether one may rename this version, and take its name off. */
  mayChange: boolean;
  onNamed: (version: Version) => void;
  onRemoved: (version: Version) => void;
}

/** One form at a time, opened by a button; Escape closes it. */
export function VersionBox(props: VersionBoxProps) {
  const { version, mayChange } = props;
  const { t } = useTranslation('history');
  const [open, setOpen] = useState<'form' | 'question' | null>(null);
  const close = () => setOpen(null);
  if (version !== null && !mayChange) return null;
  if (open === 'form') return <NameForm {...props} onClose={close} />;
  return (
    <div className={styles['box']}>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconFlag3 size={15} aria-hidden />}
        onClick={() => setOpen('form')}
      >
        {version === null ? t('version.name') : t('version.rename')}
      </Button>
      {version !== null && (
        <Button variant="subtle" size="xs" onClick={() => setOpen('question')}>
          {t('version.remove')}
        </Button>
      )}
      {open === 'question' && version !== null && (
        <RemoveQuestion {...props} version={version} onClose={close} />
      )}
    </div>
  );
}

function NameForm({ subject, atMs, version, onNamed, onClose }: VersionBoxProps & { onClose: () => void }) {
  const { t } = useTranslation('history');
  const { t: base } = useTranslation();
  const [name, setName] = useState(version?.name ?? '');
  const naming = useNameVersion(subject);
  const renaming = useRenameVersion(subject);
  const isPending = naming.isPending || renaming.isPending;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const trimmed = name.trim();
    if (trimmed === '' || isPending) return;
    // A refusal stays in the form, told by the mutation itself.
    const named = await (version === null
      ? naming.mutateAsync({ name: trimmed, atMs })
      : renaming.mutateAsync({ versionId: version.id, name: trimmed })
    ).catch(() => null);
    if (named === null) return;
    onNamed(named);
    onClose();
  };
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => void send(event)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      <TextInput
        label={t('version.label')}
        description={t('version.hint')}
        value={name}
        maxLength={120}
        autoFocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <ErrorBanner error={naming.error ?? renaming.error} />
      <span className={styles['buttons']}>
        <Button variant="default" size="xs" onClick={onClose}>
          {base('action.cancel')}
        </Button>
        <Button type="submit" size="xs" loading={isPending}>
          {t('version.save')}
        </Button>
      </span>
    </form>
  );
}

function RemoveQuestion(props: VersionBoxProps & { version: Version; onClose: () => void }) {
  const { subject, version, onRemoved, onClose } = props;
  const { t } = useTranslation('history');
  const removing = useRemoveVersion(subject);
  return (
    <Confirm
      title={t('version.removeTitle', { name: version.name })}
      text={t('version.removeText')}
      act={t('version.removeAct')}
      pending={removing.isPending}
      error={removing.error}
      onAct={() =>
        removing.mutate(version, {
          onSuccess: () => {
            onRemoved(version);
            onClose();
          },
        })
      }
      onClose={onClose}
    />
  );
}
