/** Calls a hub that runs in another process, as a program without a browser would. */
import { buildRequest } from '#client/base/hub-request.ts';
import type { Call, CallInput, CallOutput } from '#shared/base/call.ts';
import { createCompany } from '#shared/people/calls.ts';
import type { SignedIn } from '#shared/people/shape.ts';

/** What came back: the body as parsed, whatever the status. */
export interface HubAnswer {
  status: number;
  body: unknown;
}

/** Sends one call and returns the answer as it is, refusals too. */
export async function ask<C extends Call>(
  hub: { url: string },
  call: C,
  input: CallInput<C>,
  token: string | null,
): Promise<HubAnswer> {
  const { path, method, body } = buildRequest(call, input);
  return askRaw(hub, path, { method, ...(body === undefined ? {} : { body }) }, token);
}

/** Sends any request with the headers of a call; for inputs that no call allows. */
export async function askRaw(
  hub: { url: string },
  path: string,
  init: { method: string; body?: string },
  token: string | null,
): Promise<HubAnswer> {
  const headers: Record<string, string> = { accept: 'application/json', origin: hub.url };
  if (init.body !== undefined) headers['content-type'] = 'application/json';
  if (token !== null) headers['authorization'] = `Bearer ${token}`;
  const answer = await fetch(hub.url + path, { ...init, headers });
  return { status: answer.status, body: await answer.json().catch(() => null) };
}

/** Sends one call that must succeed. @throws Error with the refusal */
export async function callHub<C extends Call>(
  hub: { url: string },
  call: C,
  input: CallInput<C>,
  token: string | null,
): Promise<CallOutput<C>> {
  const { status, body } = await ask(hub, call, input, token);
  if (status !== 200) throw new Error(`${call.name} answered ${status}: ${JSON.stringify(body)}`);
  return body as CallOutput<C>;
}

/** Makes a company with its first admin, signed in; the password is `passwordOf(email)`. */
export function makeCompany(hub: { url: string }, companyName: string, name: string): Promise<SignedIn> {
  const email = emailOf(name);
  return callHub(hub, createCompany, { companyName, name, email, password: passwordOf(email) }, null);
}

/** The address a made-up person signs in with. */
export function emailOf(name: string): string {
  return `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@tandem.example`;
}

/** A long password that no list of common ones holds. */
export function passwordOf(email: string): string {
  return `${email} opens 7 gates`;
}
