import Search from 'lucide-react/icons/search';

interface SearchFormProps {
  /** The page that is searched. */
  readonly action: string;
  readonly query: string;
  readonly placeholder: string;
  /** Other parameters of the address to keep. */
  readonly keep?: Readonly<Record<string, string | undefined>>;
}

/** A search field that puts its words into the address. */
export function SearchForm({ action, query, placeholder, keep = {} }: SearchFormProps) {
  return (
    <search className="w-full sm:w-56">
      <form action={action}>
        <label className="relative block">
          <span className="sr-only">Search: {placeholder}</span>
          <Search size={14} aria-hidden className="absolute top-1/2 left-2.5 -translate-y-1/2 text-ink-faint" />
          <input
            key={query}
            type="search"
            name="q"
            defaultValue={query}
            placeholder={placeholder}
            className="h-9 w-full rounded-md border border-line-strong/60 bg-surface pr-2 pl-8 text-base placeholder:text-ink-faint sm:h-8 sm:text-sm"
          />
        </label>
        {Object.entries(keep).map(([name, value]) =>
          value ? <input key={name} type="hidden" name={name} value={value} /> : null,
        )}
      </form>
    </search>
  );
}
