/** The name of the radio buttons for a question, and of what is wrong with its answer. */
export function answerName(field: string): string {
  return `answer:${field}`;
}

/** The name of the text field for a value that is none of the candidates. */
export function otherName(field: string): string {
  return `other:${field}`;
}

/** What the radio button "another value" sends; the others send JSON, which this is not. */
export const OTHER_VALUE = 'other';
