/** The palette of Ctrl+K: one field, the commands it finds, each with the keys that do the same. */
import { IconSearch } from '@tabler/icons-react';
import { Fragment, type KeyboardEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { findCommands } from '#client/app/palette/commands.ts';
import styles from '#client/app/palette/palette.module.css';
import { useCommands } from '#client/app/palette/use-commands.ts';
import { Dialog } from '#client/base/parts/dialog.tsx';

/** Stands while it is rendered; focus stays in the field, the arrows move through the rows. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('app');
  const listId = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const found = findCommands(useCommands(), query);
  const run = (index: number) => {
    onClose();
    found[index]?.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      setActive((active + step + found.length) % found.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(active);
    }
  };
  return (
    <Dialog title={t('palette.label')} bare onClose={onClose}>
      <div className={styles['field']}>
        <IconSearch size={17} stroke={1.7} aria-hidden />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={found.length > 0 ? `${listId}-${active}` : undefined}
          aria-label={t('palette.label')}
          autoComplete="off"
          placeholder={t('palette.placeholder')}
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id={listId} role="listbox" aria-label={t('palette.label')} className={styles['list']}>
        {found.map((command, index) => (
          <Fragment key={command.id}>
            {command.group !== found[index - 1]?.group && (
              <p className={styles['heading']} aria-hidden="true">
                {t(`palette.${command.group}`)}
              </p>
            )}
            <PaletteRow
              id={`${listId}-${index}`}
              words={command.words}
              keys={command.keys}
              active={index === active}
              onPoint={() => setActive(index)}
              onChoose={() => run(index)}
            />
          </Fragment>
        ))}
      </div>
      {found.length === 0 && (
        <p role="status" className={styles['nothing']}>
          {t('palette.nothing')}
        </p>
      )}
    </Dialog>
  );
}

interface PaletteRowProps {
  id: string;
  words: string;
  keys: readonly string[];
  active: boolean;
  onPoint: () => void;
  onChoose: () => void;
}

function PaletteRow({ id, words, keys, active, onPoint, onChoose }: PaletteRowProps) {
  return (
    <div
      id={id}
      role="option"
      aria-selected={active}
      tabIndex={-1}
      ref={(element) => {
        if (active) {
          element?.scrollIntoView({ block: 'nearest' });
        }
      }}
      className={styles['row']}
      onPointerMove={active ? undefined : onPoint}
      onClick={onChoose}
      onKeyDown={(event) => event.key === 'Enter' && onChoose()}
    >
      <bdi>{words}</bdi>
      <span className={styles['keys']}>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </span>
    </div>
  );
}
