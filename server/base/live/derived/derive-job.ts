/** What is sent to the thread that derives, and what it answers. */

/** A document of the subject, as it is to be read. */
export interface JobDocument {
  name: string;
  epoch: string;
  /** The thread has it up to here; 0 = begin anew. */
  from: number;
  seq: number;
  /** Updates from there on, as `decodeLoad` reads them. */
  bytes: Uint8Array;
}

/** Reads one subject. */
export interface DeriveJob {
  subject: string;
  /** Address of the module whose `derive` is called. */
  module: string;
  documents: JobDocument[];
}

/** The record made, as JSON, and the documents that the thread has let go of. */
export interface DeriveAnswer {
  json: string;
  released: string[];
  /** Processor time it took, in ms. */
  workedMs: number;
}
