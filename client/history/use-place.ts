/** The place in a history in React: at once on the screen, a little later in the address. */
import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { type Place, readPlace, writePlace } from '#client/history/place.ts';

/** Dragging the slider must not write an address at each step. */
const addressAfterMs = 250;

/** The place, and how to go elsewhere. Going back in the browser leaves the history as it was entered. */
export function usePlace(): { place: Place; go: (place: Place) => void } {
  const [params, setParams] = useSearchParams();
  const told = params.toString();
  const write = useRef(setParams);
  write.current = setParams;
  const [place, setPlace] = useState<Place>(() => readPlace(params) ?? { point: 'now', against: null });
  const written = useRef(told);

  useEffect(() => {
    if (told === written.current) return;
    written.current = told;
    const read = readPlace(new URLSearchParams(told));
    if (read !== null) setPlace(read);
  }, [told]);

  useEffect(() => {
    const timer = setTimeout(() => {
      // Read from the window: what React knows may still be the address before the history was left.
      const now = new URLSearchParams(window.location.search);
      const next = writePlace(now, place);
      if (readPlace(now) === null || next.toString() === now.toString()) return;
      written.current = next.toString();
      write.current(next, { replace: true, preventScrollReset: true });
    }, addressAfterMs);
    return () => clearTimeout(timer);
  }, [place]);
  return { place, go: setPlace };
}
