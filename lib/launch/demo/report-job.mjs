import { say } from '../say.mjs';

const VERDICTS = { works: 'WORKS', partly: 'PARTLY', 'does-not-work': 'DOES NOT WORK', unknown: 'NOT VERIFIED' };

/** Says how a finished job ended: each file with its proof, and what to do when it failed. */
export function reportJob(job) {
  say('');
  for (const artifact of job.artifacts) for (const line of artifactLines(artifact)) say(line);
  if (job.failure) say(failureText(job.failure));
  say(`Verdict: ${VERDICTS[job.verdict] ?? job.verdict} (the job ${job.status}).`);
}

/** The lines about one file: verdict and speed, what it wrote, hash, place. */
export function artifactLines(artifact) {
  const proof = artifact.verification;
  const speed = proof?.generationTokensPerSecond ? `, ${proof.generationTokensPerSecond.toFixed(1)} tokens/s` : '';
  const size = artifact.sizeBytes === null ? '' : `, ${(artifact.sizeBytes / 2 ** 20).toFixed(1)} MiB`;
  return [
    `  ${artifact.type.padEnd(7)} ${VERDICTS[artifact.verdict] ?? artifact.verdict}${speed}${size}  ${artifact.fileName}`,
    proof?.problem ? `          problem: ${proof.problem}` : null,
    artifact.sampleRemark ? `          look at it: ${REMARKS[artifact.sampleRemark]}` : null,
    proof?.sampleText ? `          it wrote: ${JSON.stringify(proof.sampleText.slice(0, 100))}` : null,
    artifact.sha256 ? `          sha256 ${artifact.sha256}` : null,
    `          it is ${PLACES[artifact.place] ?? artifact.place}`,
  ].filter((line) => line !== null);
}

const REMARKS = {
  'repeats-itself': 'it writes the same few characters over and over',
  'no-words': 'it writes neither a letter nor a digit',
};

const PLACES = {
  host: 'on the host',
  home: "on the dashboard's disk",
  both: "on the host and on the dashboard's disk",
  gone: 'gone',
};

function failureText(failure) {
  const evidence = failure.evidence.slice(0, 5).map((line) => `    ${line}`);
  return [`Failed: ${failure.message}`, failure.remedy, ...evidence].filter(Boolean).join('\n');
}
