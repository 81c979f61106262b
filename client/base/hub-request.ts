/** One call over the wire: path, query and body from the call's definition; refusals become AppError. */
import { bytesShape, type Call, type CallInput, type CallOutput, pathParts } from '#shared/base/call.ts';
import { AppError, isErrorCode } from '#shared/base/errors.ts';

/** What goes into fetch, apart from the token. */
export interface HubRequest {
  path: string;
  method: Call['method'];
  /** JSON; undefined for GET. */
  body: string | undefined;
}

/** Puts an input into a call's path, query and body. @throws AppError input.invalid when the input breaks the shape */
export function buildRequest<C extends Call>(call: C, input: CallInput<C>): HubRequest {
  const parsed = call.input.safeParse(input);
  if (!parsed.success) {
    throw new AppError('input.invalid', invalidFields(parsed.error.issues));
  }
  const rest = new Map(Object.entries(parsed.data as Record<string, unknown>));
  let path = call.path;
  for (const part of pathParts(call.path)) {
    path = path.replace(`:${part}`, encodeURIComponent(String(rest.get(part))));
    rest.delete(part);
  }
  if (call.method !== 'GET') {
    return { path, method: call.method, body: JSON.stringify(Object.fromEntries(rest)) };
  }
  const query = new URLSearchParams();
  for (const [name, value] of rest) {
    if (value !== undefined) {
      query.set(name, String(value));
    }
  }
  const search = query.toString();
  return { path: search === '' ? path : `${path}?${search}`, method: 'GET', body: undefined };
}

/** Names of the fields that break a shape, with the kind of breach; values are never repeated. */
function invalidFields(issues: readonly { path: PropertyKey[]; code: string }[]): Record<string, string> {
  return Object.fromEntries(issues.map((issue) => [issue.path.join('.'), issue.code]));
}

/**
 * Sends one call. The answer's shape is the server's word: it parses every answer before sending, and parsing it
 * again here would make an open tab fail when a newer server adds a field.
 * @param token - access token; null for calls that anyone may make
 * @param signal - ends it; it then counts as unreachable
 * @throws AppError with the server's code; `hub.unreachable` when no answer of the hub came
 */
export async function sendCall<C extends Call>(
  call: C,
  input: CallInput<C>,
  token: string | null,
  signal?: AbortSignal,
): Promise<CallOutput<C>> {
  const { path, method, body } = buildRequest(call, input);
  const headers = new Headers({
    accept: call.output === bytesShape ? 'application/octet-stream' : 'application/json',
  });
  if (body !== undefined) {
    headers.set('content-type', 'application/json');
  }
  if (token !== null) {
    headers.set('authorization', `Bearer ${token}`);
  }
  const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
  if (signal !== undefined) {
    init.signal = signal;
  }
  if (body !== undefined) {
    init.body = body;
  }
  const response = await fetch(path, init).catch(() => {
    throw new AppError('hub.unreachable');
  });
  const readsBytes = response.ok && call.output === bytesShape;
  const answer: unknown = await (readsBytes ? readBytes(response) : response.json()).catch(() => undefined);
  if (!response.ok) {
    throw readRefusal(answer);
  }
  if (answer === undefined) {
    throw new AppError('hub.unreachable');
  }
  return answer as CallOutput<C>;
}

async function readBytes(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

/** Turns the body of a refusal into the error it names; a proxy's page of its own counts as unreachable. */
function readRefusal(answer: unknown): AppError {
  if (typeof answer !== 'object' || answer === null || !('code' in answer) || !isErrorCode(answer.code)) {
    return new AppError('hub.unreachable');
  }
  const details = 'details' in answer && isDetails(answer.details) ? answer.details : undefined;
  const logId = 'logId' in answer && typeof answer.logId === 'string' ? { logId: answer.logId } : undefined;
  return new AppError(answer.code, details ?? logId);
}

function isDetails(value: unknown): value is Record<string, string | number> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((entry) => typeof entry === 'string' || typeof entry === 'number')
  );
}
