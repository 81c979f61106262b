/** The fields that forms of people share: what they must be, and what to say when they are not. */
import { useTranslation } from 'react-i18next';
import type { FieldSpec } from '#client/base/fields.ts';
import { emailShape, nameShape, passwordShape } from '#shared/people/shape.ts';

/** Specs by kind of field. */
export function usePeopleFields(): { name: FieldSpec; email: FieldSpec; password: FieldSpec } {
  const { t } = useTranslation();
  return {
    name: { shape: nameShape, words: t('field.name') },
    email: { shape: emailShape, words: t('field.email') },
    password: { shape: passwordShape, words: t('field.passwordShort') },
  };
}
