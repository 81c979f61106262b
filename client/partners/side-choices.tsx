/** The choice of the side that the other company takes. */
import { useTranslation } from 'react-i18next';
import { ChoiceGroup } from '#client/base/parts/choice-group.tsx';
import { SideMark } from '#client/base/parts/side-mark.tsx';
import type { Side } from '#shared/base/audience.ts';

/** `value` is the side of the company that is invited, not of one's own. */
export function SideChoices({ value, onChange }: { value: Side; onChange: (side: Side) => void }) {
  const { t } = useTranslation('partners');
  const { t: base } = useTranslation();
  return (
    <ChoiceGroup
      legend={t('invite.side')}
      value={value}
      onChange={onChange}
      choices={[
        {
          value: 'supplier',
          words: base('side.supplier'),
          text: t('invite.sideSupplier'),
          mark: <SideMark side="supplier" />,
        },
        {
          value: 'buyer',
          words: base('side.buyer'),
          text: t('invite.sideBuyer'),
          mark: <SideMark side="buyer" />,
        },
      ]}
    />
  );
}
