/** Tests of the links in notes: which addresses count, and what a link of the partner may carry. */
import { getSchema } from '@tiptap/core';
import { StarterKit } from '@tiptap/starter-kit';
import { describe, expect, test } from 'vitest';
import { isNoteLink, NoteLink } from '#client/plans/panel/note-link.ts';

const schema = getSchema([StarterKit.configure({ link: false, undoRedo: false }), NoteLink]);
const link = schema.marks['link'];

/** How a received mark is drawn. */
function drawn(attributes: object): unknown {
  return link?.spec.toDOM?.(link.create({ ...attributes }), true);
}

const refused = [
  '//evil.example/',
  '/me',
  'evil.example',
  'anna@acme.example',
  'javascript:alert(1)',
  'java\tscript:alert(1)',
  ' https://acme.example',
  'https:acme.example',
  'https://',
  'https://acme.example@evil.example/',
  'https://acme.example/\u202egpj.exe',
  'ftp://acme.example',
  'tel:112',
  'data:text/html,x',
  '',
  null,
  { toString: 1 },
];

describe('links in a note', () => {
  test.each([
    'http://acme.example',
    'https://acme.example/a?b#c',
    'HTTPS://acme.example',
    'mailto:anna@acme.example',
  ])('[PL31] %s is a link', (address) => {
    expect(isNoteLink(address)).toBe(true);
  });

  test.each(refused)('[PL31] %j is none', (address) => {
    expect(isNoteLink(address)).toBe(false);
    expect(drawn({ href: address })).toEqual(['span', {}, 0]);
  });

  test('[PL31] a received link opens as every other, whatever its writer chose', () => {
    const chosen = { target: '_self', rel: '', class: 'c', title: 'https://bank.example', style: 'inset:0' };
    expect(drawn({ href: 'https://acme.example', ...chosen })).toEqual([
      'a',
      { href: 'https://acme.example', target: '_blank', rel: 'noopener noreferrer nofollow' },
      0,
    ]);
    expect(Object.keys(link?.create({ href: 'https://acme.example', ...chosen }).attrs ?? {})).toEqual([
      'href',
    ]);
  });

  test('[PL31] typed and pasted text asks the same question', () => {
    const { isAllowedUri, shouldAutoLink } = NoteLink.options;
    for (const address of refused.filter((each) => typeof each === 'string')) {
      expect(shouldAutoLink(address)).toBe(false);
      const context = { defaultValidate: () => true, protocols: [], defaultProtocol: 'http' };
      expect(isAllowedUri(address, context)).toBe(false);
    }
  });
});
