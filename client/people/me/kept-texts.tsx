/** What this device alone has: text the hub did not accept, or was not sent yet; to be read, copied and discarded. */
import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useContext, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import type { KeptAside } from '#client/base/live/kept-aside.ts';
import { LiveContext } from '#client/base/live/live-context.ts';
import { useMomentWords } from '#client/base/moments.ts';
import { Confirm } from '#client/base/parts/confirm.tsx';
import { Loaded } from '#client/base/parts/loaded.tsx';
import { keptAnchor } from '#client/base/paths.ts';
import { useCodeWords } from '#client/base/words.ts';
import styles from '#client/people/me/kept-texts.module.css';
import { keptWords } from '#client/people/me/kept-words.ts';

/** Documents are told by their kind and name: of one that may not be read any more the device knows nothing else. */
export function KeptTexts() {
  const { t } = useTranslation('people');
  const live = useContext(LiveContext);
  const { hash } = useLocation();
  const place = useRef<HTMLDivElement>(null);
  const query = useQuery({
    queryKey: ['keptTexts'],
    queryFn: () => live?.listKeptAside() ?? [],
    enabled: live !== null,
    networkMode: 'always',
    staleTime: 0,
    gcTime: 0,
  });
  useEffect(() => {
    if (hash === `#${keptAnchor}`) place.current?.focus();
  }, [hash]);
  return (
    <div ref={place} id={keptAnchor} tabIndex={-1} className={styles['place']}>
      <Loaded query={query}>
        {(kept) =>
          kept.length === 0 ? (
            <p className={styles['soft']}>{t('kept.nothing')}</p>
          ) : (
            <ul>
              {kept.map((one) => (
                <KeptText key={`${one.document} ${one.ids.join()}`} kept={one} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </div>
  );
}

function KeptText({ kept: { document, code, at, ids, pieces } }: { kept: KeptAside }) {
  const { t } = useTranslation('people');
  const codeWords = useCodeWords();
  const { moment } = useMomentWords();
  const [asking, setAsking] = useState(false);
  const discard = useDiscard(document, ids);
  const text = keptWords(document, pieces);
  const kind = document.startsWith('plan-note/') ? 'note' : document.startsWith('plan/') ? 'plan' : 'other';
  return (
    <li className={styles['kept']}>
      <h3 className={styles['title']}>{t(`kept.kind.${kind}`)}</h3>
      <p className={styles['soft']}>
        {at !== null && <>{moment(new Date(at).toISOString())} · </>}
        {code === null ? t('kept.unsent') : codeWords(code)}
      </p>
      {text === '' && <p className={styles['soft']}>{t('kept.noText')}</p>}
      {text !== '' && (
        <p dir="auto" className={styles['text']}>
          {text}
        </p>
      )}
      <p className={styles['name']}>
        <bdi>{document}</bdi>
      </p>
      <div className={styles['buttons']}>
        {text !== '' && <CopyText text={text} />}
        {ids.length > 0 && (
          <Button variant="subtle" color="bad" onClick={() => setAsking(true)}>
            {t('kept.discard')}
          </Button>
        )}
      </div>
      {asking && (
        <Confirm
          title={t('kept.discardTitle')}
          text={t('kept.discardText')}
          act={t('kept.discardAct')}
          pending={false}
          error={null}
          onAct={() => void discard()}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  );
}

function useDiscard(document: string, ids: readonly number[]): () => Promise<void> {
  const live = useContext(LiveContext);
  const queries = useQueryClient();
  return async () => {
    await live?.dropRefused(document, ids);
    await queries.invalidateQueries({ queryKey: ['keptTexts'] });
  };
}

function CopyText({ text }: { text: string }) {
  const { t } = useTranslation('people');
  const [copied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  const icon = copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />;
  return (
    <Button variant="default" leftSection={icon} onClick={copy}>
      <span aria-live="polite">{copied ? t('kept.copied') : t('kept.copy')}</span>
    </Button>
  );
}
