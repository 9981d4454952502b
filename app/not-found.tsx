import { BrandMark } from './_ui/brand-mark';
import { ButtonLink } from './_ui/button';

/** For addresses that lead nowhere. */
export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-center justify-center px-6 text-center">
      <BrandMark className="size-9 text-accent" />
      <h1 className="mt-5 font-semibold text-xl">There is nothing at this address</h1>
      <p className="mt-2 text-ink-muted">It may have been removed, or the link was cut off when it was copied.</p>
      <ButtonLink href="/" look="primary" className="mt-6">
        Go to the overview
      </ButtonLink>
    </main>
  );
}
