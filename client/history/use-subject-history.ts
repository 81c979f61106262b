/** All that a history's screen reads of a subject: changes, versions and the record on the device, kept fresh. */
import { useEffect } from 'react';
import type { Doc } from 'yjs';
import { useReconnected } from '#client/base/live/use-room-event.ts';
import { type KnownChanges, useChanges } from '#client/history/use-changes.ts';
import { type RecordState, useRecord } from '#client/history/use-record.ts';
import { useVersions } from '#client/history/use-versions.ts';
import type { Subject, Version } from '#shared/history/shape.ts';

/** Edits that follow each other are read together, once they rest. */
const restMs = 1_500;

/** What `useSubjectHistory` gives. */
export interface SubjectHistory {
  changes: KnownChanges;
  versions: readonly Version[];
  /** False until the versions were read: an address may name one. */
  hasVersions: boolean;
  record: RecordState;
}

const none: readonly Version[] = [];

/** @param docs - live documents whose edits are news; those of a subject that are joined */
export function useSubjectHistory(subject: Subject, docs: readonly Doc[]): SubjectHistory {
  const changes = useChanges(subject);
  const record = useRecord(subject);
  const versions = useVersions(subject);
  const { refresh: refreshChanges } = changes;
  const { refresh: refreshRecord } = record;
  useReconnected(() => {
    refreshChanges();
    refreshRecord();
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hear = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        refreshChanges();
        refreshRecord();
      }, restMs);
    };
    for (const doc of docs) doc.on('update', hear);
    return () => {
      clearTimeout(timer);
      for (const doc of docs) doc.off('update', hear);
    };
  }, [docs, refreshChanges, refreshRecord]);
  const hasVersions = versions.data !== undefined || versions.isError;
  return { changes, versions: versions.data ?? none, hasVersions, record };
}
