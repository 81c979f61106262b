/** Mail: sends plain letters through SMTP when there is a server; otherwise the link is shown and logged. */
import { createTransport } from 'nodemailer';
import type { Logger } from 'pino';
import type { Environment } from '#server/base/env.ts';
import { secondMs } from '#shared/base/units.ts';

/** One letter with one link. Words come from fixed templates of the room; names in them are cleaned here. */
export interface LinkLetter {
  to: string;
  /** One line; control characters are replaced by spaces. */
  subject: string;
  /** Paragraphs of plain text above the link. */
  paragraphs: readonly string[];
  link: string;
}

/** The way letters leave the hub. */
export interface Mail {
  /**
   * Sends, or logs the link at info when there is no mail server.
   * @returns true when a mail server took the letter; false = show the link to the person who asked
   */
  sendLink(letter: LinkLetter): Promise<boolean>;
  /** Lets go of the connections to the mail server. */
  close(): void;
}

/** What actually transports a letter; nodemailer's, or a recorder in tests. */
export interface MailTransport {
  sendMail(message: {
    from: string;
    to: { name: string; address: string };
    subject: string;
    text: string;
  }): Promise<unknown>;
  close(): void;
}

/** Makes the mail of a hub. A failing mail server is logged and answered as if there were none. */
export function createMail(
  env: Pick<Environment, 'smtpUrl' | 'mailFrom'>,
  log: Logger,
  transport: MailTransport | null = smtpTransport(env.smtpUrl),
): Mail {
  return {
    async sendLink(letter) {
      if (transport === null) {
        log.info({ mailTo: letter.to, invitationLink: letter.link }, 'no mail server: hand this link over');
        return false;
      }
      try {
        // The address goes in as an object, so that nothing in it is parsed as a list or a header.
        await transport.sendMail({
          from: env.mailFrom,
          to: { name: '', address: oneLine(letter.to) },
          subject: oneLine(letter.subject),
          text: [...letter.paragraphs.map(oneLine), letter.link, ''].join('\n\n'),
        });
        return true;
      } catch (error) {
        log.error({ err: error }, 'the mail server refused a letter');
        return false;
      }
    },
    close() {
      transport?.close();
    },
  };
}

/** Text without control characters, so that a name can never begin a header or a line of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
}

function smtpTransport(smtpUrl: string | null): MailTransport | null {
  if (smtpUrl === null) return null;
  return createTransport({
    url: smtpUrl,
    connectionTimeout: 5 * secondMs,
    greetingTimeout: 5 * secondMs,
    socketTimeout: 10 * secondMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}
