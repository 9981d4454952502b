import { describedBy, TextInput } from '../_ui/field';

interface SourceInputProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly placeholder: string;
  readonly error: string | undefined;
}

/** The one field for a model: an id, an address of the hub, or a folder. */
export function SourceInput({ text, onText, placeholder, error }: SourceInputProps) {
  return (
    <TextInput
      id="source"
      name="source"
      value={text}
      onChange={(event) => onText(event.target.value)}
      placeholder={placeholder}
      className="font-mono"
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      {...describedBy('source', true, error)}
    />
  );
}
