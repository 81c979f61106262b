/** A menu of deeds and choices at a cell or button, with the keyboard of a menu. */
import { IconCheck } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import styles from '#client/plans/parts/choice-menu.module.css';
import { FloatingBox } from '#client/plans/parts/floating-box.tsx';

/** One line of the menu. */
export interface Choice {
  id: string;
  words: string;
  /** Set on lines of which one is chosen. */
  isChosen?: boolean;
  isDisabled?: boolean;
  icon?: ReactNode;
  /** The key that does the same, as shown to people. */
  keys?: string;
  run: () => void;
}

/** Choices in groups, with a line between groups; empty groups are left out. */
export interface ChoiceMenuProps {
  label: string;
  anchor: Element;
  groups: readonly (readonly Choice[])[];
  onClose: () => void;
}

/** Focus goes to the chosen line, or the first; arrows, Home, End and first letters move it. */
export function ChoiceMenu({ label, anchor, groups, onClose }: ChoiceMenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const items = itemsOf(menu.current);
    (items.find((item) => item.ariaChecked === 'true') ?? items[0])?.focus();
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Tab') {
      event.preventDefault();
      onClose();
      return;
    }
    const items = itemsOf(menu.current);
    const next = nextItem(items, event.key);
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <FloatingBox anchor={anchor} onClose={onClose}>
      <div
        ref={menu}
        role="menu"
        aria-label={label}
        className={styles['menu']}
        onKeyDown={onKeyDown}
        tabIndex={-1}
      >
        {groups
          .filter((group) => group.length > 0)
          .map((group) => (
            <div key={group[0]?.id} role="none" className={styles['group']}>
              {group.map((choice) => (
                <MenuLine key={choice.id} choice={choice} onClose={onClose} />
              ))}
            </div>
          ))}
      </div>
    </FloatingBox>
  );
}

function MenuLine({ choice, onClose }: { choice: Choice; onClose: () => void }) {
  const { words, isChosen, isDisabled = false, icon, keys, run } = choice;
  const role =
    isChosen === undefined
      ? ({ role: 'menuitem' } as const)
      : ({ role: 'menuitemradio', 'aria-checked': isChosen } as const);
  return (
    <button
      type="button"
      {...role}
      tabIndex={-1}
      disabled={isDisabled}
      className={styles['line']}
      onClick={() => {
        onClose();
        run();
      }}
    >
      <span className={styles['icon']}>{icon}</span>
      <span className={styles['words']}>{words}</span>
      {isChosen === true && <IconCheck size={15} stroke={1.9} aria-hidden />}
      {keys !== undefined && (
        <kbd className={styles['keys']} aria-hidden>
          {keys}
        </kbd>
      )}
    </button>
  );
}

function itemsOf(menu: HTMLElement | null): HTMLButtonElement[] {
  return [...(menu?.querySelectorAll('button') ?? [])].filter((button) => !button.disabled);
}

function nextItem(items: readonly HTMLButtonElement[], key: string): HTMLButtonElement | undefined {
  const { activeElement } = document;
  const at = activeElement instanceof HTMLButtonElement ? items.indexOf(activeElement) : -1;
  if (key === 'ArrowDown') return items[(at + 1) % items.length];
  if (key === 'ArrowUp') return items[(at - 1 + items.length) % items.length];
  if (key === 'Home') return items[0];
  if (key === 'End') return items.at(-1);
  if (key.length !== 1 || key === ' ') return undefined;
  const starts = (item: HTMLButtonElement) =>
    item.textContent.trim().toLocaleLowerCase().startsWith(key.toLocaleLowerCase());
  return [...items.slice(at + 1), ...items.slice(0, at + 1)].find(starts);
}
