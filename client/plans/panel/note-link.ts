/** Links in a note: one fixed form for all of them, whoever wrote the mark, and no address but of the web or of mail. */
import { Link } from '@tiptap/extension-link';

const schemes: readonly string[] = ['http:', 'https:', 'mailto:'];

/**
 * True for an address written out with `http://`, `https://` or `mailto:`. One without a scheme is none, for it
 * would lead to a place on this hub; nor is one with a name before `@` in it, which hides where it leads.
 */
export function isNoteLink(address: unknown): address is string {
  if (typeof address !== 'string' || !/^(https?:\/\/|mailto:)[^\s\p{Cc}\p{Cf}]+$/iu.test(address))
    return false;
  const url = URL.parse(address);
  return url !== null && schemes.includes(url.protocol) && url.username === '' && url.password === '';
}

/** The only attributes besides the address, the same on every link. */
const fixed = { target: '_blank', rel: 'noopener noreferrer nofollow' } as const;

/**
 * A mark holds its address and nothing else, so that target, rel, class and title of a received or pasted link are
 * not even read; one with another address is shown as text.
 */
export const NoteLink = Link.extend({
  addAttributes: () => ({ href: { default: null } }),
  renderHTML: ({ HTMLAttributes: { href } }) =>
    isNoteLink(href) ? ['a', { href, ...fixed }, 0] : ['span', {}, 0],
}).configure({
  openOnClick: false,
  autolink: true,
  isAllowedUri: isNoteLink,
  // Pasting over a selection asks only this one.
  shouldAutoLink: isNoteLink,
});
