/** The typed call of every room: `callHub(call, input)` adds the access token and renews it once when refused. */
import { sendCall } from '#client/base/hub-request.ts';
import { getAccessToken, renewAccessToken } from '#client/base/session.ts';
import type { Call, CallInput, CallOutput } from '#shared/base/call.ts';
import { AppError } from '#shared/base/errors.ts';

/**
 * Calls the hub. @param signal - ends a call whose answer nobody waits for any more
 * @throws AppError with the code of the catalogue; `hub.unreachable` when no answer came
 */
export async function callHub<C extends Call>(
  call: C,
  input: CallInput<C>,
  signal?: AbortSignal,
): Promise<CallOutput<C>> {
  if (call.access === 'anyone') {
    return sendCall(call, input, null, signal);
  }
  const token = await getAccessToken();
  if (token === null) {
    throw new AppError('session.missing');
  }
  try {
    return await sendCall(call, input, token, signal);
  } catch (error) {
    if (!isSessionRefusal(error)) {
      throw error;
    }
    const renewed = await renewAccessToken(token);
    if (renewed === null) {
      throw error;
    }
    return sendCall(call, input, renewed, signal);
  }
}

function isSessionRefusal(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'session.expired' || error.code === 'session.missing');
}
