/** Parses our Dockerfile into instructions by stage. Supports only the syntax that we use. */

export interface Instruction {
  /** Upper case, e.g. `COPY`. */
  readonly name: string;
  /** The rest of the line, continuations joined. */
  readonly value: string;
}

export interface Stage {
  /** The image, with default arguments filled in, or an earlier stage. */
  readonly from: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** @throws Error on an instruction other than ARG before the first stage */
export function parseDockerfile(text: string): Stage[] {
  const stages: { from: string; name: string | undefined; instructions: Instruction[] }[] = [];
  const defaults = new Map<string, string>();
  for (const { name, value } of instructionsOf(text)) {
    const stage = stages.at(-1);
    if (name === 'FROM') {
      const [image = '', alias] = value.split(/\s+AS\s+/i);
      stages.push({
        from: image.replaceAll(/\$\{(\w+)\}/g, (_, arg: string) => defaults.get(arg) ?? ''),
        name: alias,
        instructions: [],
      });
    } else if (stage !== undefined) {
      stage.instructions.push({ name, value });
    } else {
      const [arg = '', fallback = ''] = value.split('=');
      if (name !== 'ARG') throw new Error(`${name} before FROM`);
      defaults.set(arg, fallback);
    }
  }
  return stages;
}

/** What a stage copies from another stage, or from the repository if `from` is undefined. */
export function copiesOf({ instructions }: Stage): { from: string | undefined; sources: string[] }[] {
  return instructions
    .filter(({ name }) => name === 'COPY' || name === 'ADD')
    .map(({ value }) => {
      const words = value.split(/\s+/);
      const flags = words.filter(word => word.startsWith('--'));
      const from = flags.find(flag => flag.startsWith('--from='))?.slice('--from='.length);
      return { from, sources: words.filter(word => !word.startsWith('--')).slice(0, -1) };
    });
}

function instructionsOf(text: string): Instruction[] {
  const lines = text.split('\n').filter(line => line.trim() !== '' && !line.trim().startsWith('#'));
  const whole = lines.join('\n').replaceAll(/\s*\\\n\s*/g, ' ');
  return whole.split('\n').map(line => {
    const [name = '', ...rest] = line.trim().split(/\s+/);
    return { name: name.toUpperCase(), value: rest.join(' ') };
  });
}
