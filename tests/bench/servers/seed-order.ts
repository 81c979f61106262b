/** What a scenario wants to find: how many documents, and how many people in each. */

/** Groups share nothing; each is one relationship of two companies where the peer knows such a thing. */
export interface SeedOrder {
  groups: number;
  documentsPerGroup: number;
  peoplePerDocument: number;
}

/** A document and a token for each of its people; '' where the peer asks for none. */
export interface SeededDocument {
  document: string;
  tokens: string[];
}

/** Documents as a peer without people and rights names them. */
export function plainDocuments({
  groups,
  documentsPerGroup,
  peoplePerDocument,
}: SeedOrder): SeededDocument[] {
  return Array.from({ length: groups * documentsPerGroup }, (_, index) => ({
    document: `document-${index}`,
    tokens: Array.from({ length: peoplePerDocument }, () => ''),
  }));
}
