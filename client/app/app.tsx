/** The outermost component: theme, cache and router around every page. */
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from 'react-router/dom';
import { createRouter, prefetchPages } from '#client/app/routes.tsx';
import { cache } from '#client/base/cache.ts';
import { LiveProvider } from '#client/base/live/live-provider.tsx';
import { onPersonChange } from '#client/base/session.ts';
import { colorSchemeManager, theme } from '#client/base/theme/theme.ts';

const router = createRouter();

/** Long enough for the first page and the live connection to come first. */
const prefetchAfterMs = 3_000;

onPersonChange((someoneIsIn) => {
  // What one person has read must not be shown to the next one on this device. What is on screen is asked anew:
  // taken away from under its page, it would be waited for without end.
  cache.removeQueries({ type: 'inactive' });
  cache.getMutationCache().clear();
  void cache.resetQueries({ type: 'active' });
  if (someoneIsIn) {
    setTimeout(prefetchPages, prefetchAfterMs);
  }
});

/** Variables and global classes come from static sheets: the content policy allows no generated style elements. */
export function App() {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemeManager}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={cache}>
        <LiveProvider>
          <RouterProvider router={router} />
        </LiveProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
