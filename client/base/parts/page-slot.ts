/** The place in the frame that a page fills with its head; kept apart so that pages need not know the frame. */
import { createContext, useContext } from 'react';

const slotContext = createContext<HTMLElement | null>(null);

/** Given by the frame around all pages. */
export const PageSlotProvider = slotContext.Provider;

/** The header's element; null until the frame stands. */
export function usePageSlot(): HTMLElement | null {
  return useContext(slotContext);
}
