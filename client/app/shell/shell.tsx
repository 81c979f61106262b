/** The frame around every page of signed-in people: navigation, header, content; on phones a bar at the bottom. */
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, ScrollRestoration, useLocation } from 'react-router';
import { BottomBar } from '#client/app/shell/bottom-bar.tsx';
import styles from '#client/app/shell/shell.module.css';
import { SideNav } from '#client/app/shell/side-nav.tsx';
import { useAppShortcuts } from '#client/app/shell/use-app-shortcuts.ts';
import { useFreshLists } from '#client/app/shell/use-fresh-lists.ts';
import { usePaletteOpening } from '#client/app/shell/use-palette-opening.ts';
import { OutdatedBanner } from '#client/base/live/outdated-banner.tsx';
import { PageSlotProvider } from '#client/base/parts/page-slot.ts';

const Palette = lazy(async () => ({ default: (await import('#client/app/palette/palette.tsx')).Palette }));
const ShortcutHelp = lazy(async () => ({
  default: (await import('#client/app/palette/shortcut-help.tsx')).ShortcutHelp,
}));

/** The frame. The header's content comes from the page, through its PageHead. */
export function Shell() {
  const { t } = useTranslation('app');
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const [helpOpen, setHelpOpen] = useState(false);
  const palette = usePaletteOpening();
  useAppShortcuts({ openHelp: () => setHelpOpen(true) });
  useFocusOnNavigation();
  useFreshLists();
  return (
    <PageSlotProvider value={slot}>
      <a className={styles['skip']} href="#content">
        {t('skip')}
      </a>
      <div className={styles['frame']}>
        <SideNav onSearch={palette.open} />
        <header className={styles['header']} ref={setSlot} />
        <main id="content" className={styles['content']} tabIndex={-1}>
          <Outlet />
        </main>
        <BottomBar onSearch={palette.open} />
      </div>
      <OutdatedBanner />
      <ScrollRestoration />
      <Suspense fallback={null}>
        {palette.opened && <Palette onClose={palette.close} />}
        {helpOpen && <ShortcutHelp onClose={() => setHelpOpen(false)} />}
      </Suspense>
    </PageSlotProvider>
  );
}

/** After a move to another page the focus goes to its heading, so that keyboard and screen reader start there. */
function useFocusOnNavigation(): void {
  const { pathname } = useLocation();
  const [first] = useState(pathname);
  const [moved, setMoved] = useState(false);
  useEffect(() => {
    if (!moved && pathname === first) {
      return;
    }
    setMoved(true);
    const target = document.querySelector<HTMLElement>('h1') ?? document.getElementById('content');
    target?.focus({ preventScroll: true });
  }, [pathname, first, moved]);
}
