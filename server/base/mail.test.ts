/** Tests of the mail. */
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createMail, type MailTransport } from '#server/base/mail.ts';

const env = { smtpUrl: null, mailFrom: 'Tandem <tandem@example.com>' };
const letter = {
  to: 'bert@example.com',
  subject: 'Anna invites you',
  paragraphs: ['Anna invites you.'],
  link: 'https://tandem.example.com/join#secret',
};

function recorder() {
  const sent: Parameters<MailTransport['sendMail']>[0][] = [];
  const transport: MailTransport = {
    sendMail: (message) => Promise.resolve(sent.push(message)),
    close: () => undefined,
  };
  return { sent, transport };
}

function logLines() {
  const lines: string[] = [];
  return { lines, log: pino({ base: null }, { write: (line) => lines.push(line) }) };
}

describe('mail', () => {
  test('[BA18] without a mail server the link is logged once at info, and is to be shown', async () => {
    const { lines, log } = logLines();
    expect(await createMail(env, log).sendLink(letter)).toBe(false);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 30, invitationLink: letter.link });
  });

  test('[BA18] with a mail server the link goes there and nowhere else', async () => {
    const { lines, log } = logLines();
    const { sent, transport } = recorder();
    expect(await createMail(env, log, transport).sendLink(letter)).toBe(true);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.text).toContain(letter.link);
    expect(lines).toEqual([]);
  });

  test('[BA18] a failing mail server is logged without the link, and the link is to be shown', async () => {
    const { lines, log } = logLines();
    const transport = { ...recorder().transport, sendMail: () => Promise.reject(new Error('421 too busy')) };
    expect(await createMail(env, log, transport).sendLink(letter)).toBe(false);
    expect(lines.join()).toContain('421 too busy');
    expect(lines.join()).not.toContain('secret');
  });

  test('[BA19] names cannot begin a header or a line of their own', async () => {
    const { sent, transport } = recorder();
    const mail = createMail(env, logLines().log, transport);
    await mail.sendLink({
      ...letter,
      to: 'bert@example.com\r\nBcc: x@example.com',
      subject: 'Anna\r\nBcc: everyone@example.com\u2028invites',
      paragraphs: ['Anna\n\nhttps://evil.example.com invites you.'],
    });
    const [message] = sent;
    expect(message?.subject).toBe('Anna Bcc: everyone@example.com invites');
    expect(message?.to.address).not.toMatch(/[\r\n]/);
    expect(message?.text.split('\n')[0]).toBe('Anna https://evil.example.com invites you.');
  });
});
