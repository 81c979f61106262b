/** The one error exit: every error of a request becomes a body of the catalogue here, and nowhere else. */
import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { AppError, type ErrorBody } from '#shared/base/errors.ts';

/** Makes the last middleware. Unknown errors are logged whole under the request's id and answered without detail. */
export function createErrorExit(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const refusal = toRefusal(error);
    const call: unknown = response.locals['call'];
    const requestId = String(response.locals['requestId']);
    if (refusal === null) {
      log.error({ err: error, call, requestId }, 'a call failed');
      const body: ErrorBody = { code: 'internal', logId: requestId };
      response.status(500).json(body);
      return;
    }
    log.debug({ call, requestId, code: refusal.code }, 'a call was refused');
    const retryAfterS = refusal.details?.['retryAfterS'];
    if (retryAfterS !== undefined) response.set('Retry-After', String(retryAfterS));
    response.status(refusal.status).json(refusal.toBody());
  };
}

/** The refusal an error stands for; null when it is one of ours and nobody's fault outside. */
function toRefusal(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  return fromExpress(error);
}

/** Express and its body parser mark the client's faults with a status below 500. */
function fromExpress(error: unknown): AppError | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  if (error.status === 413) return new AppError('input.tooLarge');
  return error.status >= 400 && error.status < 500 ? new AppError('input.invalid') : null;
}
