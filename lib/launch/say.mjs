/** One plain line to the person in front of the console. */
export function say(text) {
  console.log(text);
}

/** A duration as a person says it: `0.4 s`, `12 s`, `3 min 5 s`. */
export function durationText(durationMs) {
  if (durationMs < 9_950) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Ends the program with an explanation instead of a stack trace: what is missing and what to do. */
export class LaunchProblem extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'LaunchProblem';
    this.exitCode = exitCode;
  }
}

/** Runs a launch program: a `LaunchProblem` is told in its own words, anything else with its stack. */
export async function launch(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    console.error(error instanceof LaunchProblem ? `\n${error.message}` : error);
    process.exitCode = error instanceof LaunchProblem ? error.exitCode : 1;
  }
}
