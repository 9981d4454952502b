import { refuseField } from './form-error';
import { formText } from './form-text';

const GIB = 1024 ** 3;

/** The form of a device in the shape of its input, still unchecked but for its numbers: gigabytes as people type them. */
export function readDeviceForm(form: FormData): unknown {
  const graphicsBytes = readBytes(form, 'graphicsBytes');
  return {
    name: formText(form, 'name'),
    memoryBytes: readBytes(form, 'memoryBytes'),
    graphicsBytes: graphicsBytes === 0 ? null : graphicsBytes,
    isUnified: form.has('isUnified'),
  };
}

function readBytes(form: FormData, name: string): number {
  const gigabytes = Number(formText(form, name).replace(',', '.'));
  if (!Number.isFinite(gigabytes)) refuseField(name, 'Type a number of gigabytes, for example 16.');
  return Math.round(gigabytes * GIB);
}
