/** A call with a token: one renewal, one repetition. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { callHub } from '#client/base/http.ts';
import { sendCall } from '#client/base/hub-request.ts';
import { getAccessToken, renewAccessToken } from '#client/base/session.ts';
import { AppError } from '#shared/base/errors.ts';
import { getMe, signOut } from '#shared/people/calls.ts';

vi.mock('#client/base/hub-request.ts', () => ({ sendCall: vi.fn() }));
vi.mock('#client/base/session.ts', () => ({ getAccessToken: vi.fn(), renewAccessToken: vi.fn() }));

const expired = new AppError('session.expired');

beforeEach(() => {
  vi.mocked(sendCall).mockReset();
  vi.mocked(getAccessToken).mockReset().mockResolvedValue('one');
  vi.mocked(renewAccessToken).mockReset().mockResolvedValue('two');
});

describe('callHub', () => {
  test('[CL7] a refused token is renewed once and the call repeated with the new one', async () => {
    vi.mocked(sendCall).mockRejectedValueOnce(expired).mockResolvedValueOnce('answer');
    expect(await callHub(getMe, {})).toBe('answer');
    expect(renewAccessToken).toHaveBeenCalledWith('one');
    expect(vi.mocked(sendCall).mock.calls.map((call) => call[2])).toEqual(['one', 'two']);
  });

  test('[CL7] a second refusal is told, without a third try', async () => {
    vi.mocked(sendCall).mockRejectedValue(expired);
    await expect(callHub(getMe, {})).rejects.toBe(expired);
    expect(sendCall).toHaveBeenCalledTimes(2);
  });

  test('[CL7] other refusals are told at once', async () => {
    vi.mocked(sendCall).mockRejectedValue(new AppError('thing.absent'));
    await expect(callHub(getMe, {})).rejects.toMatchObject({ code: 'thing.absent' });
    expect(renewAccessToken).not.toHaveBeenCalled();
  });

  test('[CL7] without a session a member call is not sent, and a call for anyone carries no token', async () => {
    vi.mocked(getAccessToken).mockResolvedValue(null);
    await expect(callHub(getMe, {})).rejects.toMatchObject({ code: 'session.missing' });
    expect(sendCall).not.toHaveBeenCalled();
    await callHub(signOut, {});
    expect(sendCall).toHaveBeenCalledWith(signOut, {}, null, undefined);
  });
});
