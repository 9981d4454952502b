/** What a person has to look at, on every page. */
export interface RentalAlarm {
  readonly key: string;
  /** `bad` costs money for nothing or may; `warn` is about not knowing. */
  readonly tone: 'bad' | 'warn';
  readonly title: string;
  readonly text: string;
  /** Where something can be done about it. */
  readonly href: string;
}
