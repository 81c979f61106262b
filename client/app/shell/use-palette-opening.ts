/** Opens the palette on Ctrl+K (Cmd+K on a Mac) and from its buttons. */
import { useEffect, useState } from 'react';

/** The palette is rendered, and first loaded, while `opened`. Ctrl+K is free of the switch: it holds a modifier. */
export function usePaletteOpening() {
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.code === 'KeyK' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        setOpened((open) => !open);
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  return { opened, open: () => setOpened(true), close: () => setOpened(false) };
}
