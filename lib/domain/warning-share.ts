/** Of a limit in money or time: from here on a person is warned, while something can still be done about it. */
export const WARNING_SHARE = 0.8;
